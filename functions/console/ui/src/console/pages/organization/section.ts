import { css, html, type TemplateResult } from 'lit';
import { controls } from '../../../look/controls.js';
import { tabs, tabsStyle } from '../../../parts/tabs.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';

const t = translator<typeof en>();

/** Part is one part of the section. */
export type Part = 'templates' | 'tenants' | 'incidents' | 'kill-switches' | 'sunsets';
const parts: Part[] = ['templates', 'tenants', 'incidents', 'kill-switches', 'sunsets'];

/** OrganizationPage is a page of the organization: nobody acts for a tenant on it. */
export abstract class OrganizationPage extends Page {
  static override styles = [...controls, tabsStyle, css`.cards > .card { align-content: start; } .chips { align-items: start; } .act { white-space: nowrap; text-align: end; }`];

  protected abstract readonly tab: Part;
  protected abstract draw(): TemplateResult;

  override render() {
    const path = (part: Part) => `/console/organization/${part}`;
    if (this.context.person.home === 'org' && this.context.tenant !== 'org') {
      return html`<div class="page"><h1>${t('nav.organization')}</h1>
        <p class="note">${t('organization.acting', { tenant: this.context.tenant })}</p>
        <div><a class="button main" href="${location.pathname}?tenant=">${t('organization.stop')}</a></div></div>`;
    }
    return html`<div class="page">
      ${tabs(t('nav.organization'), path(this.tab), parts.map((part) => ({ path: path(part), name: t(`organization.${part}`) })))}
      ${this.draw()}
    </div>`;
  }
}
