import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { day, translator, word } from '../../../words/words.js';
import { supplied, usable } from '../../parts/connecting.js';
import { Page } from '../../page.js';
import type en from './en.js';
import { schemes, steps, sunsets } from './facts.js';
import './template.js';

const t = translator<typeof en>();

type Connector = Schemas['Connector'];
type Template = Schemas['Template'];

interface Shown {
  connector: Connector;
  templates: Template[];
}

/** PageCatalogEntry shows what is known of one system, and the ways to connect it. */
@customElement('tenon-page-catalog-entry')
export class PageCatalogEntry extends Page {
  static override styles = [...controls, css`
    .columns { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) minmax(16rem, 22rem); align-items: start; }
    .columns > aside { order: 2; }
    .listed { padding-inline-start: 1.25rem; list-style: revert; }
    .steps { counter-reset: step; }
    .steps > li { counter-increment: step; padding-inline-start: 2.4rem; position: relative; }
    .steps > li::before { content: counter(step); position: absolute; inset: 0 auto auto 0; width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; background: var(--accent-wash); font-weight: 650; font-size: 0.875rem; }
    summary { cursor: pointer; font-weight: 550; padding: 0.25rem 0; }
    @media (max-width: 60rem) { .columns { grid-template-columns: minmax(0, 1fr); } .columns > aside { order: 0; } }
  `];

  @state() private making = false;

  private readonly entry = new Load<Shown>(this, async () => {
    const connectorId = this.params.connector!;
    const [connector, templates] = await Promise.all([
      ask(this.context.api.GET('/v1/connectors/{connectorId}', { params: { path: { connectorId } } })),
      this.context.may('templates:read') ? all((cursor) => ask(this.context.api.GET('/v1/templates', { params: { query: { connector: connectorId, limit: 100, cursor } } }))) : [],
    ]);
    return { connector, templates };
  });

  override render() {
    return html`<div class="page">
      <p><a href="/console/catalog">${t('nav.catalog')}</a></p>
      ${this.entry.value ? nothing : html`<h1>${t('catalog.entry')}</h1>`}
      ${this.entry.render(({ connector, templates }) => html`
        <div class="bar">${mark(connector.logo)}<h1>${connector.name}</h1></div>
        <p>${connector.description}</p>
        ${sunsets(connector)}
        <div class="columns">
          <aside class="card stack">${this.connect(connector, templates)}</aside>
          <div class="page">${this.facts(connector)}${schemes(connector)}${steps(t('catalog.guide'), connector.guide)}</div>
        </div>`)}
    </div>`;
  }

  private facts(c: Connector) {
    const rows: [string, string | undefined][] = [
      [t('catalog.category'), (c.categories ?? []).map((x) => word('catalog.category', x)).join(', ')],
      [t('catalog.entities'), c.entities?.join(', ')],
      [t('catalog.network'), word('catalog.network', c.network)],
      [t('catalog.rateLimit'), c.rateLimit],
      [t('catalog.latency'), c.latency],
      [t('catalog.checkedAt'), c.checkedAt && day(c.checkedAt)],
    ];
    return html`<dl class="facts">${rows.filter(([, text]) => text).map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
  }

  private connect(connector: Connector, templates: Template[]) {
    const mayConnect = this.context.may('connections:write');
    const mayMake = this.context.may('templates:write');
    const made = (e: CustomEvent<{ template: Template }>) => this.made(connector, templates, e.detail.template);
    return html`<h2>${t('action.connect')}</h2>
      ${templates.length ? nothing : html`<p>${mayMake ? t('catalog.noTemplate') : t('catalog.noTemplateAsk')}</p>`}
      ${templates.map((x) => this.template(connector, x, mayConnect))}
      ${!mayConnect ? html`<p class="small soft">${t('catalog.viewer')}</p>` : nothing}
      ${mayMake && this.making ? html`<h3>${t('catalog.newTemplate')}</h3>
        <tenon-template-form .context=${this.context} .connector=${connector} .taken=${templates.map((x) => x.stableKey)} @tenon-template-made=${made}></tenon-template-form>` : nothing}
      ${mayMake ? html`<div><button type="button" class=${templates.length || this.making ? '' : 'main'} aria-expanded=${this.making} @click=${() => (this.making = !this.making)}>${this.making ? t('action.cancel') : t(templates.length ? 'catalog.setUpMore' : 'catalog.setUp')}</button></div>` : nothing}`;
  }

  private template(connector: Connector, x: Template, may: boolean) {
    const scheme = connector.authSchemes?.find((s) => s.id === x.authScheme);
    const missing = (x.missing ?? []).map((m) => word('catalog.missing', m)).join(', ');
    const why = missing ? t('catalog.incomplete', { missing }) : supplied(x, this.context.tenant) ? t('catalog.supplied') : '';
    return html`<div class="stack">
      <p><strong>${x.name}</strong><br><span class="small soft">${scheme?.name ?? x.authScheme}</span></p>
      ${why ? html`<p class="note warn">${why}</p>` : nothing}
      ${may && usable(x, this.context.tenant) ? html`<p><a class="button main" href="/console/add/${connector.id}?template=${x.id}" aria-label=${t('catalog.connect', { name: x.name })}>${t('action.connect')}</a></p>` : nothing}
      ${x.redirectUri && x.owner === this.context.tenant && this.context.may('templates:write') ? html`<p class="small">${t('catalog.redirect')}<br><code>${x.redirectUri}</code></p>` : nothing}
    </div>`;
  }

  private made(connector: Connector, templates: Template[], template: Template) {
    this.making = false;
    this.entry.set({ connector, templates: [...templates, template] });
    this.context.say(t('catalog.made', { name: template.name }));
  }
}
