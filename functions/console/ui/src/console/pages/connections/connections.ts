import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { Narrow } from '../../../parts/narrow.js';
import { number, plural, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';
import { chosen, environments, type Filter, read, statuses, write } from './filter.js';
import { cards, type Connectors, table } from './rows.js';

const t = translator<typeof en>();
const pageSize = 50;

interface Counts {
  summary: Schemas['ConnectionSummary'];
  connectors: Connectors;
}

/** PageConnections lists all connections of the tenant, some at a time, and filters them by the address. */
@customElement('tenon-page-connections')
export class PageConnections extends Page {
  static override styles = [...controls, css`
    .system { display: inline-flex; align-items: center; gap: 0.6rem; }
    .system .mark { width: 1.75rem; height: 1.75rem; }
    .system span { min-width: 5rem; overflow-wrap: anywhere; }
    .cards .facts { grid-template-columns: minmax(7rem, auto) 1fr; gap: 0.3rem 1rem; }
    .cards .facts dd { margin: 0; }
    @media (max-width: 24rem) { .cards .facts { grid-template-columns: minmax(0, 1fr); } .cards .facts dd { margin-bottom: 0.4rem; } }
    .scroll.card { padding: 0.25rem 0.5rem; }
    th, td { vertical-align: middle; padding-inline: 0.5rem; }
    tbody th { min-width: 10rem; overflow-wrap: anywhere; }
    td.state { min-width: 9.5rem; }
    td.account { min-width: 6rem; overflow-wrap: anywhere; }
    td.used { white-space: nowrap; }
    th.number, td.number { text-align: end; }
    tbody th { color: inherit; font-size: inherit; }
    .more { justify-self: center; }
  `];

  @state() private filter: Filter = read();
  private readonly narrow = new Narrow(this);

  private readonly counts = new Load<Counts>(this, async () => {
    const [summary, catalog] = await Promise.all([ask(this.context.api.GET('/v1/connections/summary')), ask(this.context.api.GET('/v1/connectors'))]);
    return { summary, connectors: new Map((catalog.items ?? []).map((c) => [c.id, c])) };
  });
  private readonly list = new Load<Schemas['Connections']>(this, () => this.read());

  private read(cursor?: string) {
    return ask(this.context.api.GET('/v1/connections', { params: { query: { ...this.filter, limit: pageSize, cursor } } }));
  }

  override render() {
    return html`<div class="page">
      <div class="head">
        <div><h1>${t('connections.title')}</h1><p class="soft">${t('connections.lead')}</p></div>
        ${this.context.may('connections:write') ? html`<a class="button main" href="/console/catalog">${t('action.add')}</a>` : nothing}
      </div>
      ${this.counts.render(({ summary, connectors }) => (summary.total || chosen(this.filter) ? html`${this.filters(summary, connectors)}${this.found(connectors)}` : this.empty()))}
    </div>`;
  }

  private empty() {
    return html`<div class="empty">
      <h2>${t('connections.empty')}</h2><p class="soft">${t('connections.emptyLead')}</p>
      ${this.context.may('connections:write') ? html`<a class="button main" href="/console/catalog">${t('action.connect')}</a>` : nothing}
    </div>`;
  }

  private filters(summary: Schemas['ConnectionSummary'], connectors: Connectors) {
    const { connector, status, environment } = this.filter;
    const byStatus = connector ? (summary.byConnector[connector] ?? {}) : summary.byStatus;
    const known = Object.keys(summary.byConnector).map((id) => ({ id, name: connectors.get(id)?.name ?? id, count: sum(summary.byConnector[id]!) }));
    if (connector && !summary.byConnector[connector]) known.push({ id: connector, name: connectors.get(connector)?.name ?? connector, count: 0 });
    known.sort((a, b) => a.name.localeCompare(b.name));
    return html`<div class="filters" role="search" aria-label=${t('connections.filters')}>
      ${this.select('connector', t('connections.connector'), connector, known.map(({ id, name, count }) => [id, `${name} (${number(count)})`]), summary.total)}
      ${this.select('status', t('connections.status'), status, statuses.map((s) => [s, `${word('status', s)} (${number(byStatus[s] ?? 0)})`]), sum(byStatus))}
      ${this.select('environment', t('connections.environment'), environment, environments.map((e) => [e, word('environment', e)]))}
    </div>`;
  }

  private select(name: keyof Filter, label: string, now: string | undefined, options: [string, string][], total?: number) {
    return html`<label>${label}
      <select @change=${(e: Event) => this.choose({ ...this.filter, [name]: (e.target as HTMLSelectElement).value || undefined })}>
        <option value="" .selected=${!now}>${t('field.all')}${total === undefined ? '' : ` (${number(total)})`}</option>
        ${options.map(([value, text]) => html`<option value=${value} .selected=${value === now}>${text}</option>`)}
      </select></label>`;
  }

  /** choose shows other connections without leaving the filter that was used. */
  private choose(filter: Filter) {
    this.filter = filter;
    write(filter);
    this.list.value = undefined;
    void this.list.again();
  }

  private found(connectors: Connectors) {
    return html`${this.list.render(({ items, nextCursor }) => {
      const rows = items ?? [];
      if (!rows.length) return html`<div class="empty"><h2>${t('connections.none')}</h2><button type="button" @click=${() => this.choose({})}>${t('connections.clear')}</button></div>`;
      return html`<p class="small soft" role="status">${plural('connections.shown', rows.length)}</p>
        ${this.narrow.matches ? cards(rows, connectors) : table(rows, connectors)}
        ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
        ${nextCursor ? html`<button class="more" type="button" ?disabled=${this.working} @click=${() => this.more(nextCursor)}>${this.working ? t('state.working') : t('action.more')}</button>` : nothing}`;
    })}`;
  }

  private async more(cursor: string) {
    const [before, filter] = [this.list.value?.items ?? [], this.filter];
    const page = await this.act(() => this.read(cursor));
    if (page && filter === this.filter) this.list.set({ ...page, items: [...before, ...(page.items ?? [])] });
  }
}

function sum(counts: Record<string, number>): number { return Object.values(counts).reduce((a, b) => a + b, 0); }
