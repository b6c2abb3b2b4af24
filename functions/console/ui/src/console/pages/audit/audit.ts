import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';
import { type Entry, entryStyles, table } from './entries.js';
import './export.js';
import { askedFilter, type Filter, filterFrom, query, rememberFilter } from './filter.js';
import { form, formStyles } from './form.js';
import './integrity.js';

const t = translator<typeof en>();

/** How many calls one press may cost while the answers are empty. */
const patience = 5;

interface Shown {
  entries: Entry[];
  next?: string;
}

/** PageAudit shows who did what, newest first, lets it out as a file, and verifies it. */
@customElement('tenon-page-audit')
export class PageAudit extends Page {
  static override styles = [...Page.styles, formStyles, entryStyles, css`
    .pair { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); align-items: start; }
  `];

  @state() private filter: Filter = askedFilter();
  @state() private open = new Set<string>();

  private readonly list = new Load<Shown>(this, () => this.read());

  /** A page may be short, or empty, before the end: a few are read until there is something. */
  private async read(cursor?: string): Promise<Shown> {
    const entries: Entry[] = [];
    let next = cursor;
    for (let calls = 0; calls < patience; calls++) {
      const page = await ask(this.context.api.GET('/v1/audit', { params: { query: { ...query(this.filter), limit: 50, cursor: next } } }));
      entries.push(...(page.items ?? []));
      next = page.nextCursor;
      if (entries.length || !next) break;
    }
    return { entries, next };
  }

  private async more(shown: Shown) {
    const page = await this.act(() => this.read(shown.next));
    if (page) this.list.set({ entries: [...shown.entries, ...page.entries], next: page.next });
  }

  private narrow(filter: Filter) {
    this.filter = filter;
    this.trouble = undefined;
    this.open = new Set();
    rememberFilter(filter);
    void this.list.again();
  }

  private toggle(id: string) {
    const open = new Set(this.open);
    if (!open.delete(id)) open.add(id);
    this.open = open;
  }

  override render() {
    return html`<div class="page">
      <div><h1>${t('nav.audit')}</h1><p class="soft">${t('audit.lead')}</p></div>
      ${form(this.filter, this.list.value?.entries ?? [], {
        apply: (of) => this.narrow(filterFrom(of)),
        clear: () => this.narrow({ actor: '', action: '', resource: '', outcome: '', since: '', until: '' }),
      })}
      ${this.list.busy && this.list.value ? html`<p class="quiet" role="status">${t('state.loading')}</p>` : nothing}
      ${this.list.render((shown) => this.shown(shown))}
      <div class="pair">
        <tenon-audit-export .context=${this.context} .filter=${this.filter}></tenon-audit-export>
        <tenon-audit-integrity .context=${this.context}></tenon-audit-integrity>
      </div>
    </div>`;
  }

  private shown(shown: Shown) {
    const { entries, next } = shown;
    return html`
      ${entries.length ? html`<div class="card">${table(entries, this.open, (id) => this.toggle(id))}</div>` : html`<p class="soft" role="status">${t(next ? 'audit.noneYet' : 'audit.none')}</p>`}
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      ${next ? html`<div class="bar"><button type="button" ?disabled=${this.working} @click=${() => this.more(shown)}>${t(entries.length ? 'action.more' : 'audit.goOn')}</button>
        ${this.working ? html`<span role="status">${t('state.working')}</span>` : nothing}</div>` : nothing}`;
  }
}
