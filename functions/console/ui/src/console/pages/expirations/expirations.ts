import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { plural, translator, word } from '../../../words/words.js';
import { asked, remember } from '../../address.js';
import { Page } from '../../page.js';
import type en from './en.js';
import { row, rowStyles } from './row.js';
import { type Expiration, urgencies, type Urgency, urgencyOf } from './urgency.js';

const t = translator<typeof en>();

const kinds = ['credential', 'certificate', 'refresh_token', 'client_secret', 'signing_key', 'sunset', 'rotation'];
const spans = ['30', '90', '180', '365', '3650'];
const usual = '90';

interface Shown {
  items: Expiration[];
  next?: string;
  connectors: Map<string, Schemas['ConnectorCard']>;
}

/** PageExpirations shows what ends when, the most urgent first. */
@customElement('tenon-page-expirations')
export class PageExpirations extends Page {
  static override styles = rowStyles;

  @state() private filter = { kind: asked('kind'), within: spans.includes(asked('within')) ? asked('within') : usual };

  private readonly list: Load<Shown> = new Load<Shown>(this, async () => {
    const [page, catalog] = await Promise.all([this.read(), this.list.value ? undefined : ask(this.context.api.GET('/v1/connectors'))]);
    return { ...page, connectors: catalog ? new Map((catalog.items ?? []).map((c) => [c.id, c])) : this.list.value!.connectors };
  });

  private readonly settings = new Load<Schemas['Settings'] | null>(this, async () =>
    (this.context.may('settings:read') ? ask(this.context.api.GET('/v1/settings')) : null));

  /** A page may be short, or empty, before the end: it is read on until there is something. */
  private async read(cursor?: string): Promise<Pick<Shown, 'items' | 'next'>> {
    const items: Expiration[] = [];
    let next = cursor;
    do {
      const page = await ask(this.context.api.GET('/v1/expirations', {
        params: { query: { limit: 50, cursor: next, withinDays: Number(this.filter.within), kind: (this.filter.kind || undefined) as Expiration['kind'] | undefined } },
      }));
      items.push(...(page.items ?? []));
      next = page.nextCursor;
    } while (next && !items.length);
    return { items, next };
  }

  private async more(shown: Shown) {
    const page = await this.act(() => this.read(shown.next));
    if (page) this.list.set({ ...shown, items: [...shown.items, ...page.items], next: page.next });
  }

  private narrow(change: Partial<typeof this.filter>) {
    this.filter = { ...this.filter, ...change };
    remember({ kind: this.filter.kind, within: this.filter.within === usual ? '' : this.filter.within });
    void this.list.again();
  }

  override render() {
    return html`<div class="page">
      <div><h1>${t('nav.expirations')}</h1><p class="soft">${t('expirations.lead')}</p></div>
      ${this.settings.value ? this.reminders(this.settings.value) : nothing}
      ${this.bar()}
      ${this.list.render((shown) => (shown.items.length ? this.groups(shown) : this.empty()))}
    </div>`;
  }

  private reminders({ reminders }: Schemas['Settings']) {
    const days = reminders.daysBefore?.length ? reminders.daysBefore : [14];
    return html`<p class="note ${reminders.enabled ? '' : 'warn'}">${reminders.enabled ? t('expirations.remindersOn', { days: days.join(', ') }) : t('expirations.remindersOff')}
      <a href="/console/settings">${t('expirations.settings')}</a></p>`;
  }

  private bar() {
    const choose = (name: 'kind' | 'within') => (e: Event) => this.narrow({ [name]: (e.target as HTMLSelectElement).value });
    return html`<div class="filters">
      <label>${t('expirations.byKind')}<select @change=${choose('kind')}>
        <option value="" .selected=${!this.filter.kind}>${t('expirations.everyKind')}</option>
        ${kinds.map((k) => html`<option value=${k} .selected=${k === this.filter.kind}>${word('expirations.kind', k)}</option>`)}
      </select></label>
      <label>${t('expirations.within')}<select @change=${choose('within')}>
        ${spans.map((s) => html`<option value=${s} .selected=${s === this.filter.within}>${this.span(s)}</option>`)}
      </select></label>
    </div>`;
  }

  private span(days: string): string {
    return days === '3650' ? t('expirations.ever') : plural('expirations.next', Number(days));
  }

  private empty() {
    return html`<div class="empty"><h2>${t('expirations.empty')}</h2><p class="soft">${t('expirations.emptyLead', { span: this.span(this.filter.within) })}</p></div>`;
  }

  private groups(shown: Shown) {
    const groups = Map.groupBy(shown.items, urgencyOf);
    return html`${urgencies.map((u) => this.group(u, groups.get(u) ?? [], shown))}
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      ${shown.next ? html`<div><button type="button" ?disabled=${this.working} @click=${() => this.more(shown)}>${t('action.more')}</button></div>` : nothing}`;
  }

  private group(u: Urgency, items: Expiration[], { connectors }: Shown) {
    if (!items.length) return nothing;
    return html`<section class="stack" aria-labelledby=${u}><h2 id=${u}>${t(`expirations.${u}`)}</h2>
      <ul class="rows">${items.map((e) => row(e, connectors.get(e.connector ?? ''), this.context))}</ul></section>`;
  }
}
