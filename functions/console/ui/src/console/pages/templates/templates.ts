import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { plural, translator, word } from '../../../words/words.js';
import { OrganizationPage } from '../organization/section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Template = Schemas['Template'];

interface Shown {
  templates: Template[];
  connectors: Map<string, Schemas['ConnectorCard']>;
}

/** PageTemplates lists how the organization has connectors configured. */
@customElement('tenon-page-templates')
export class PageTemplates extends OrganizationPage {
  protected override readonly tab = 'templates';

  private readonly list = new Load<Shown>(this, async () => {
    const [templates, catalog] = await Promise.all([
      all((cursor) => ask(this.context.api.GET('/v1/templates', { params: { query: { limit: 100, cursor } } }))),
      ask(this.context.api.GET('/v1/connectors')),
    ]);
    return { templates, connectors: new Map((catalog.items ?? []).map((c) => [c.id, c])) };
  });

  protected override draw() {
    return html`
      <div class="head">
        <div><h1>${t('organization.templates')}</h1><p class="soft">${t('templates.lead')}</p></div>
        <div class="bar">
          <button type="button" ?disabled=${this.working} @click=${() => this.export()}>${t('templates.export')}</button>
          <a class="button" href="/console/organization/templates/import">${t('templates.import')}</a>
          <a class="button main" href="/console/organization/templates/new">${t('templates.new')}</a>
        </div>
      </div>
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.list.render((shown) => (shown.templates.length ? this.cards(shown) : html`<div class="empty"><h2>${t('templates.empty')}</h2><p class="soft">${t('templates.emptyLead')}</p></div>`))}`;
  }

  private cards({ templates, connectors }: Shown) {
    return html`<ul class="cards">${templates.map((o) => html`<li class="card stack">
      <div class="bar">${mark(connectors.get(o.connector)?.logo)}<h2><a href="/console/organization/templates/${o.id}">${o.name}</a></h2></div>
      <p class="soft small">${connectors.get(o.connector)?.name ?? o.connector}<br><code>${o.stableKey}</code></p>
      <p class="chips">
        ${o.embedded ? html`<span class="chip">${t('templates.forAll')}</span>` : html`<span class="chip">${t('templates.hidden')}</span>`}
        ${o.credentials === 'organization' ? html`<span class="chip">${t('templates.ours')}</span>` : nothing}
        ${o.owner !== 'org' ? html`<span class="chip">${o.owner}</span>` : nothing}
      </p>
      ${o.missing?.length ? html`<p class="note warn small">${plural('templates.missing', o.missing.length)} ${o.missing.map((m) => word('templates', m)).join(', ')}</p>` : nothing}
      ${o.incident ? html`<p class="note bad small">${t('templates.refused')}</p>` : nothing}
    </li>`)}</ul>`;
  }

  /** export saves the definitions as a file, for another stage or for git. */
  private async export() {
    const document = await this.act(() => ask(this.context.api.POST('/v1/templates/export', { body: {} })));
    if (!document) return;
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }));
    const link = Object.assign(window.document.createElement('a'), { href: url, download: 'templates.json' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    this.context.say(t('templates.exported'));
  }
}
