import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import '../../../elements/status.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { ago, moment, plural, translator, word } from '../../../words/words.js';
import '../../parts/reason/reason.js';
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
  static override styles = [...controls, css`
    .cards > .card { display: flex; flex-direction: column; gap: 0.9rem; min-width: 0; }
    .name, .foot { display: flex; align-items: center; gap: 0.75rem; min-width: 0; }
    .name > div { display: grid; gap: 0.3rem; justify-items: start; min-width: 0; }
    .name .mark { width: 3.25rem; height: 3.25rem; align-self: start; }
    .state { display: flex; flex-wrap: wrap; gap: 0.25rem 0.6rem; align-items: center; }
    h2, .about { overflow-wrap: anywhere; min-width: 0; }
    select { font-weight: 550; }
    .about { display: grid; gap: 0.2rem; }
    .foot { justify-content: space-between; position: relative; margin-top: auto; padding-top: 0.9rem; border-top: 1px solid var(--line); }
  `];

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
      <ul class="cards">${[...groups].map(([id, group]) => html`<li class="card">${this.card(connectors.get(id), id, group)}</li>`)}</ul>`;
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
      <div class="name">${mark(connector?.logo)}<div><h2>${name}</h2><p class="state"><tenon-status status=${shown.status}></tenon-status><span class="small soft">${word('environment', shown.environment)}</span></p></div></div>
      ${this.choice(name, id, group, shown)}
      <div class="about small">
        <p>${account(shown)}</p>
        <p class="soft">${plural('connectors.count', group.length)}</p>
        <p class="soft" title=${moment(shown.since)}>${t('connectors.changed', { when: ago(shown.since) })}</p>
        ${shown.message ? html`<tenon-reason class="soft" .connection=${shown}></tenon-reason>` : nothing}
      </div>
      <div class="foot">
        <a class="small" href="/console/connections?connector=${id}">${t('connectors.manageAll')}<span class="quiet">: ${name}</span></a>
        <a class="button" href="/console/connections/${shown.id}" aria-label=${t('connectors.manage', { name: shown.name })}>${t('action.manage')}</a>
      </div>`;
  }

  private choice(name: string, id: string, group: Connection[], shown: Connection) {
    return html`<select aria-label=${t('connectors.connection', { connector: name })} @change=${(e: Event) => (this.chosen = { ...this.chosen, [id]: (e.target as HTMLSelectElement).value })}>
      ${group.map((c) => html`<option value=${c.id} .selected=${c.id === shown.id}>${c.name}${c.environment === 'test' ? ` (${word('environment', 'test')})` : ''}</option>`)}
    </select>`;
  }
}

function account({ account: of, status }: Connection) {
  return of ? html`<span class="soft">${t('connectors.account')}</span> ${of.name ?? of.id}` : html`<span class="soft">${status === 'pending' ? t('connectors.noAccount') : t('connectors.unnamed')}</span>`;
}
