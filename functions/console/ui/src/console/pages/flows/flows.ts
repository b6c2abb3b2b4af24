import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ask } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator, word } from '../../../words/words.js';
import { asked, remember } from '../../address.js';
import { Page } from '../../page.js';
import './card.js';
import { type Directory, type Flow, readDirectory } from './directory.js';
import type en from './en.js';
import { example } from './example.js';
import { flowStyles } from './styles.js';

const t = translator<typeof en>();

/** Each card asks for its own flow, so that a page of them is small. */
const pageSize = 12;

interface Shown {
  flows: Flow[];
  next?: string;
  directory: Directory;
}

/** PageFlows lists the flows of the tenant, each with its connections. */
@customElement('tenon-page-flows')
export class PageFlows extends Page {
  static override styles = flowStyles;

  @state() private filter = { connector: asked('connector'), state: asked('state') };

  private readonly list: Load<Shown> = new Load<Shown>(this, async () => {
    const [directory, first] = await Promise.all([this.list.value?.directory ?? readDirectory(this.context), this.read()]);
    return { directory, ...first };
  });

  /** A page may be short, or empty, before the end: it is read on until there is something. */
  private async read(cursor?: string): Promise<Pick<Shown, 'flows' | 'next'>> {
    const { connector, state } = this.filter;
    const flows: Flow[] = [];
    let next = cursor;
    do {
      const page = await ask(this.context.api.GET('/v1/flows', {
        params: { query: { limit: pageSize, cursor: next, connector: connector || undefined, state: (state || undefined) as Flow['state'] | undefined } },
      }));
      flows.push(...(page.items ?? []));
      next = page.nextCursor;
    } while (next && !flows.length);
    return { flows, next };
  }

  private async more({ flows, next, directory }: Shown) {
    const page = await this.act(() => this.read(next));
    if (page) this.list.set({ directory, flows: [...flows, ...page.flows], next: page.next });
  }

  private narrow(change: Partial<typeof this.filter>) {
    this.filter = { ...this.filter, ...change };
    remember(this.filter);
    void this.list.again();
  }

  override render() {
    return html`<div class="page">
      <div><h1>${t('nav.flows')}</h1><p class="soft">${t('flows.lead')}</p></div>
      ${this.list.render((shown) => this.shown(shown))}
    </div>`;
  }

  private shown(shown: Shown) {
    const filtered = this.filter.connector || this.filter.state;
    if (!shown.flows.length && !filtered) return example();
    return html`${this.bar(shown)}
      ${shown.flows.length ? nothing : html`<p class="soft" role="status">${t('flows.noMatch')}</p>`}
      <div class="stack">${repeat(shown.flows, (f) => f.flowId, (f) => html`<tenon-flow-card .context=${this.context} .listed=${f} .directory=${shown.directory}></tenon-flow-card>`)}</div>
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      ${shown.next ? html`<div><button type="button" ?disabled=${this.working} @click=${() => this.more(shown)}>${t('action.more')}</button></div>` : nothing}`;
  }

  private bar({ flows, directory }: Shown) {
    const used = new Set([...[...directory.connections.values()].map((c) => c.connector), ...flows.flatMap((f) => (f.bindings ?? []).map((b) => b.connector)), this.filter.connector].filter(Boolean));
    const name = (id: string) => directory.connectors.get(id)?.name ?? id;
    return html`<div class="filters">
      <label>${t('flows.byConnector')}<select @change=${(e: Event) => this.narrow({ connector: (e.target as HTMLSelectElement).value })}>
        <option value="" .selected=${!this.filter.connector}>${t('flows.everyConnector')}</option>
        ${[...used].sort((a, b) => name(a).localeCompare(name(b))).map((id) => html`<option value=${id} .selected=${id === this.filter.connector}>${name(id)}</option>`)}
      </select></label>
      <label>${t('flows.byState')}<select @change=${(e: Event) => this.narrow({ state: (e.target as HTMLSelectElement).value })}>
        <option value="" .selected=${!this.filter.state}>${t('flows.everyState')}</option>
        ${['active', 'paused'].map((s) => html`<option value=${s} .selected=${s === this.filter.state}>${word('flows.state', s)}</option>`)}
      </select></label>
    </div>`;
  }
}
