import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Schemas } from '../../../api/client.js';
import '../../../elements/status.js';
import { controls } from '../../../look/controls.js';
import { translator, word } from '../../../words/words.js';
import type { Context } from '../../context.js';
import '../../parts/handoff/accounts.js';
import type en from './en.js';

const t = translator<typeof en>();

/** TenonAddResult says what came of it, and what can be done now. */
@customElement('tenon-add-result')
export class TenonAddResult extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) connection!: Schemas['Connection'];

  override render() {
    const c = this.connection;
    return html`<div class="card stack">
      <div class="bar"><h2>${c.status === 'active' ? t('add.connected', { name: c.name }) : c.name}</h2><tenon-status status=${c.status}></tenon-status></div>
      ${c.account ? html`<p>${t('add.account', { account: c.account.name ?? c.account.id })}</p>` : nothing}
      ${c.message ? html`<p class="note warn" role="alert">${c.message}</p>` : nothing}
      ${c.reason === 'account_required' ? html`<tenon-account-choice .context=${this.context} .connection=${c}
        @tenon-account-chosen=${(e: CustomEvent) => this.dispatchEvent(new CustomEvent('tenon-account-chosen', { detail: e.detail }))}></tenon-account-choice>` : nothing}
      <p>${c.status === 'active' ? t('add.now', { environment: word('environment', c.environment) }) : c.reason === 'no_credential' ? t('add.noCredential') : nothing}</p>
      <div class="bar">
        <a class="button main" href="/console/connections/${c.id}">${t('add.open')}</a>
        <a class="button" href="/console/connectors">${t('nav.connectors')}</a>
        <a href="/console/catalog">${t('add.another')}</a>
      </div>
    </div>`;
  }
}
