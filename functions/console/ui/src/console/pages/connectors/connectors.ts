import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import '../../../elements/status.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { ago, plural, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';

const t = translator<typeof en>();

type Connection = Schemas['Connection'];
type Card = Schemas['ConnectorCard'];

interface Shown {
  connections: Connection[];
  connectors: Map<string, Card>;
}

/** PageConnectors shows one card for each connected system, with its connections to choose from. */
@customElement('tenon-page-connectors')
export class PageConnectors extends Page {
  @state() private status = '';
  /** Which connection of a connector is shown, where it is not the first. */
  @state() private chosen: Record<string, string> = {};

  private readonly list = new Load<Shown>(this, async () => {
    const [connections, catalog] = await Promise.all([
      all((cursor) => ask(this.context.api.GET('/v1/connections', { params: { query: { limit: 100, cursor } } }))),
      ask(this.context.api.GET('/v1/connectors')),
    ]);
    return { connections, connectors: new Map((catalog.items ?? []).map((c) => [c.id, c])) };
  });

  override render() {
    return html`<div class="page">
      <div class="head">
        <div><h1>${t('nav.connectors')}</h1><p class="soft">${t('connectors.lead')}</p></div>
        ${this.context.may('connections:write') ? html`<a class="button main" href="/console/catalog">${t('action.add')}</a>` : nothing}
      </div>
      ${this.list.render((shown) => (shown.connections.length ? this.cards(shown) : this.empty()))}
    </div>`;
  }

  private empty() {
    return html`<div class="empty">
      <h2>${t('connectors.empty')}</h2><p class="soft">${t('connectors.emptyLead')}</p>
      ${this.context.may('connections:write') ? html`<a class="button main" href="/console/catalog">${t('action.connect')}</a>` : nothing}
    </div>`;
  }

  private cards({ connections, connectors }: Shown) {
    const kept = connections.filter((c) => !this.status || c.status === this.status);
    const groups = Map.groupBy(kept, (c) => c.connector);
    return html`${this.filter(connections)}
      ${groups.size ? nothing : html`<p class="soft">${t('connectors.none')}</p>`}
      <ul class="cards">${[...groups].map(([id, group]) => html`<li class="card stack">${this.card(connectors.get(id), id, group)}</li>`)}</ul>`;
  }

  private filter(connections: Connection[]) {
    const counts = Map.groupBy(connections, (c) => c.status);
    const button = (status: string, text: string, count: number) => html`<button type="button" aria-pressed=${this.status === status}
      class=${this.status === status ? 'main' : ''} @click=${() => (this.status = status)}>${text} ${count}</button>`;
    return html`<div class="bar" role="group" aria-label=${t('connectors.summary')}>
      ${button('', t('field.all'), connections.length)}
      ${[...counts].map(([status, some]) => button(status, word('status', status), some.length))}
    </div>`;
  }

  private card(connector: Card | undefined, id: string, group: Connection[]) {
    const name = connector?.name ?? id;
    const shown = group.find((c) => c.id === this.chosen[id]) ?? group[0]!;
    return html`
      <div class="split"><div class="bar">${mark(connector?.logo)}<h2>${name}</h2></div><tenon-status status=${shown.status}></tenon-status></div>
      <select aria-label=${t('connectors.connection', { connector: name })} @change=${(e: Event) => (this.chosen = { ...this.chosen, [id]: (e.target as HTMLSelectElement).value })}>
        ${group.map((c) => html`<option value=${c.id} .selected=${c.id === shown.id}>${c.name} (${word('environment', c.environment)})</option>`)}
      </select>
      <p class="small soft">${shown.account?.name ?? shown.account?.id ?? ''} ${shown.message ?? ''} ${ago(shown.since)}</p>
      <div class="split">
        <span class="small soft">${plural('connectors.count', group.length)}</span>
        <span class="bar">
          ${group.length > 1 ? html`<a href="/console/connections?connector=${id}">${t('connectors.manageAll')}</a>` : nothing}
          <a class="button" href="/console/connections/${shown.id}" aria-label=${t('connectors.manage', { name: shown.name })}>${t('action.manage')}</a>
        </span>
      </div>`;
  }
}
