import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import '../../../parts/problem.js';
import { moment, number, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';

const t = translator<typeof en>();

/** How many seals the API verifies at once. */
const atOnce = 20;

type Verified = Schemas['AuditVerified'];

/** AuditIntegrity verifies that the audit is what was recorded, from the last seal backwards. */
@customElement('tenon-audit-integrity')
export class AuditIntegrity extends Page {
  @state() private found?: Verified;
  /** Entries verified in all, and what is not as it was sealed. */
  @state() private sum = { from: 0, to: 0, entries: 0, broken: [] as Schemas['AuditBreak'][] };

  private async check() {
    const found = await this.act(() => ask(this.context.api.GET('/v1/audit/integrity')));
    if (!found) return;
    this.found = found;
    this.sum = { from: found.from ?? 0, to: found.to ?? 0, entries: found.entries, broken: found.broken ?? [] };
  }

  /** earlier verifies the seals before those that were. */
  private async earlier() {
    const { from, entries, broken } = this.sum;
    const found = await this.act(() => ask(this.context.api.GET('/v1/audit/integrity', { params: { query: { from: Math.max(1, from - atOnce), to: from - 1 } } })));
    if (found) this.sum = { ...this.sum, from: found.from ?? 1, entries: entries + found.entries, broken: [...(found.broken ?? []), ...broken] };
  }

  private async copy(head: string) {
    const copied = await this.act(async () => { await navigator.clipboard.writeText(head); return true; });
    if (copied) this.context.say(t('action.copied'));
  }

  override render() {
    return html`<section class="card stack" aria-labelledby="integrity">
      <h2 id="integrity">${t('audit.integrity')}</h2>
      <p class="soft small">${t('audit.integrityLead')}</p>
      <div><button type="button" ?disabled=${this.working} @click=${() => this.check()}>${t('audit.check')}</button></div>
      <div role="status">${this.working ? t('state.working') : this.found ? this.result(this.found) : nothing}</div>
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      ${this.found && !this.working && this.sum.from > 1 ? html`<div><button type="button" @click=${() => this.earlier()}>${t('audit.earlier')}</button></div>` : nothing}
      ${this.found?.head ? this.head(this.found.head) : nothing}
    </section>`;
  }

  private result({ seals, sealedUntil }: Verified) {
    if (!seals) return html`<p class="note">${t('audit.unsealed')}</p>`;
    const { from, to, entries, broken } = this.sum;
    const said = { from: number(from), to: number(to), seals: number(seals), entries: number(entries), until: sealedUntil ? moment(sealedUntil) : '' };
    if (!broken.length) return html`<p class="note good"><strong>${t('audit.verified')}</strong> ${t('audit.verifiedLead', said)}</p>`;
    return html`<div class="note bad"><p><strong>${t('audit.broken')}</strong> ${t('audit.brokenLead', said)}</p>
      <ul>${broken.map((b) => html`<li>${word('audit.break', b.what)} ${t('audit.seal', { seq: number(b.seq) })} ${b.entryId ? html`<code>${b.entryId}</code>` : nothing}</li>`)}</ul></div>`;
  }

  private head(head: string) {
    return html`<div class="stack"><p class="small soft">${t('audit.headLead')}</p>
      <div class="bar"><code>${head}</code><button type="button" aria-label="${t('action.copy')}: ${t('audit.head')}" @click=${() => this.copy(head)}>${t('action.copy')}</button></div></div>`;
  }
}
