import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { plural, translator, word } from '../../../words/words.js';
import { usable } from '../../parts/connecting.js';
import { Page } from '../../page.js';
import type en from './en.js';

const t = translator<typeof en>();

type Card = Schemas['ConnectorCard'];

interface Shown {
  cards: Card[];
  /** Ids of the connectors that a template is ready for. */
  ready: Set<string>;
}

/** PageCatalog shows the systems there are. What is searched for stands in the address, so that the way back leads to it. */
@customElement('tenon-page-catalog')
export class PageCatalog extends Page {
  static override styles = [...controls, css`
    .card { display: grid; gap: 0.75rem; align-content: space-between; }
    .search { flex: 1 1 16rem; }
    .bar label { flex: 0 1 13rem; }
    .name { display: flex; gap: 0.75rem; align-items: center; }
    h3 a { color: inherit; }
  `];

  @state() private filter = new URLSearchParams(location.search);

  private readonly list = new Load<Shown>(this, async () => {
    const [connectors, templates] = await Promise.all([
      ask(this.context.api.GET('/v1/connectors')),
      this.context.may('templates:read') ? all((cursor) => ask(this.context.api.GET('/v1/templates', { params: { query: { limit: 100, cursor } } }))) : [],
    ]);
    const ready = templates.filter((x) => usable(x, this.context.tenant)).map((x) => x.connector);
    return { cards: connectors.items ?? [], ready: new Set(ready) };
  });

  /** narrow changes the address: typing stays one step of the way back. */
  private narrow(name: string, value: string, typing = false) {
    const url = new URL(location.href);
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    if (typing) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.filter = url.searchParams;
  }

  private kept(cards: Card[]): Card[] {
    const words = (this.filter.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const [category, scheme] = [this.filter.get('category'), this.filter.get('authScheme')];
    return cards.filter((c) => {
      const text = `${c.name} ${c.description} ${c.id} ${(c.categories ?? []).map((x) => word('catalog.category', x)).join(' ')}`.toLowerCase();
      return words.every((w) => text.includes(w)) && (!category || c.categories?.includes(category)) && (!scheme || c.authSchemes?.includes(scheme));
    });
  }

  override render() {
    return html`<div class="page">
      <div><h1>${t('nav.catalog')}</h1><p class="soft">${t('catalog.lead')}</p></div>
      ${this.list.render((shown) => html`${this.filters(shown.cards)}${this.found(this.kept(shown.cards), shown)}`)}
    </div>`;
  }

  private filters(cards: Card[]) {
    const categories = [...new Set(cards.flatMap((c) => c.categories ?? []))];
    const schemes = [...new Set(cards.flatMap((c) => c.authSchemes ?? []))];
    return html`<form class="bar" role="search" @submit=${(e: Event) => e.preventDefault()}>
      <label class="search">${t('action.search')}<input type="search" .value=${this.filter.get('q') ?? ''} @input=${(e: Event) => this.narrow('q', (e.target as HTMLInputElement).value, true)} /></label>
      ${this.select('category', t('catalog.category'), categories, 'catalog.category')}
      ${this.select('authScheme', t('catalog.authScheme'), schemes, 'catalog.scheme')}
    </form>`;
  }

  private select(name: string, label: string, values: string[], prefix: string) {
    const options = values.map((v) => [v, word(prefix, v)] as const).sort((a, b) => a[1].localeCompare(b[1]));
    return html`<label>${label}<select @change=${(e: Event) => this.narrow(name, (e.target as HTMLSelectElement).value)}>
      <option value="" .selected=${!this.filter.get(name)}>${t('field.all')}</option>
      ${options.map(([v, text]) => html`<option value=${v} .selected=${this.filter.get(name) === v}>${text}</option>`)}
    </select></label>`;
  }

  private found(cards: Card[], { ready }: Shown) {
    const now = cards.filter((c) => ready.has(c.id));
    const later = cards.filter((c) => !ready.has(c.id));
    return html`
      <p class="small soft" role="status">${plural('catalog.count', cards.length)}</p>
      ${cards.length ? nothing : html`<div class="empty"><h2>${t('catalog.none')}</h2><p class="soft">${t('catalog.noneLead')}</p></div>`}
      ${this.group(t('catalog.ready'), now, true)}${this.group(t('catalog.others'), later, false)}`;
  }

  private group(heading: string, cards: Card[], ready: boolean) {
    if (!cards.length) return nothing;
    return html`<section class="stack"><h2>${heading}</h2><ul class="cards">${cards.map((c) => html`<li class="card">${this.card(c, ready)}</li>`)}</ul></section>`;
  }

  private card(c: Card, ready: boolean) {
    const connect = ready && this.context.may('connections:write');
    return html`<div class="stack">
        <div class="name">${mark(c.logo)}<h3><a href="/console/catalog/${c.id}">${c.name}</a></h3></div>
        <p class="small">${c.description}</p>
      </div>
      <div class="stack">
        <ul class="chips" aria-label=${t('catalog.authScheme')}>${(c.authSchemes ?? []).map((s) => html`<li class="chip">${word('catalog.scheme', s)}</li>`)}</ul>
        ${connect ? html`<div><a class="button main" href="/console/add/${c.id}" aria-label=${t('catalog.connect', { name: c.name })}>${t('action.connect')}</a></div>` : nothing}
      </div>`;
  }
}
