import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import { Load } from '../../../parts/load.js';
import { Watch } from '../../../parts/watch.js';
import { moment, number, translator, word } from '../../../words/words.js';
import { OrganizationPage } from './section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Tenant = Schemas['Tenant'];

const underWay = ['provisioning', 'offboarding'];

/** PageTenant shows one customer: its key, and how far it is taken in or removed. */
@customElement('tenon-page-tenant')
export class PageTenant extends OrganizationPage {
  protected override readonly tab = 'tenants';
  /** What a removal would do, while it is asked about. */
  @state() private removal?: Tenant;
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;

  private get at() { return { path: { tenantId: this.params.id! } }; }
  private readonly loaded = new Load<Tenant>(this, () => ask(this.context.api.GET('/v1/tenants/{tenantId}', { params: this.at })));

  constructor() {
    super();
    new Watch(this, () => underWay.includes(this.loaded.value?.state ?? '') && !this.removal, () => this.loaded.again());
  }

  protected override draw() {
    return html`${this.loaded.render((o) => html`
      <div class="head">
        <div><h1>${o.name}</h1><p class="soft"><code>${o.id}</code></p></div>
        ${o.id === 'org' ? nothing : html`<div class="bar">
          ${o.state === 'ready' ? html`<a class="button main" href="/console/connectors?tenant=${o.id}">${t('tenants.actFor')} ${o.name}</a>` : nothing}
          ${['ready', 'suspended'].includes(o.state) ? html`<button class="danger" type="button" ?disabled=${this.working} @click=${() => this.ask()}>${t('tenants.remove')}</button>` : nothing}
        </div>`}
      </div>
      ${this.removal ? nothing : html`<tenon-problem .problem=${this.trouble}></tenon-problem>`}
      ${o.suspension ? html`<p class="note bad">${t('tenants.suspended', { since: moment(o.suspension.since) })} ${word('tenants.suspension', o.suspension.reason)}</p>` : nothing}
      <dl class="card facts">
        <dt>${t('tenants.state')}</dt><dd>${word('tenants.state', o.state)}</dd>
        <dt>${t('tenants.since')}</dt><dd>${moment(o.createdAt)}</dd>
        ${o.keyArn ? html`<dt>${t('tenants.key')}</dt><dd><code>${o.keyArn}</code></dd>` : nothing}
      </dl>
      ${o.offboarding ? this.receipt(o.offboarding, o.state) : nothing}
      ${this.removal ? this.confirmation(o, this.removal) : nothing}`)}`;
  }

  private receipt(r: Schemas['Offboarding'], state: string) {
    return html`<section class="card stack">
      <h2>${state === 'removed' ? t('tenants.receipt') : t('tenants.removing')}</h2>
      ${r.startedAt ? html`<p class="soft">${t('tenants.started', { at: moment(r.startedAt), by: r.startedBy ?? '' })}</p>` : nothing}
      <ol class="stack">${(r.steps ?? []).map((s) => html`<li class="split">
        <span>${s.at ? '✓' : '…'} ${word('tenants.step', s.step)} <span class="soft small">${this.counts(s.counts)}</span></span>
        <span class="soft small">${s.at ? moment(s.at) : t('tenants.toCome')}</span></li>`)}</ol>
      ${r.irrevocable?.length ? html`<div class="note warn stack"><p>${t('tenants.irrevocable')}</p><ul>${r.irrevocable.map((id) => html`<li><code>${id}</code></li>`)}</ul></div>` : nothing}
      ${r.keyDeletionAt ? html`<p>${t('tenants.keyDeletion', { at: moment(r.keyDeletionAt) })}</p>` : nothing}
      ${r.backupsUntil ? html`<p>${t('tenants.backupsUntil', { at: moment(r.backupsUntil) })}</p>` : nothing}
      ${r.finishedAt ? html`<p>${t('tenants.finished', { at: moment(r.finishedAt) })}</p>` : nothing}
    </section>`;
  }

  private counts(counts: Record<string, number> | undefined) {
    return Object.entries(counts ?? {}).map(([what, n]) => `${number(n)} ${word('tenants.count', what)}`).join(', ');
  }

  private confirmation(o: Tenant, removal: Tenant) {
    const [impact, blocked] = [removal.impact, removal.offboarding?.steps?.find((s) => s.step === 'blocked')];
    return html`<tenon-confirm danger heading=${t('tenants.removeHeading', { name: o.name })} .action=${t('tenants.remove')} .name=${o.id} ?refused=${impact?.allowed === false}
      ?working=${this.working} .problem=${this.trouble} @confirm=${() => this.erase()} @close=${() => (this.removal = undefined)}>
      <div class="stack">
        <p>${t('tenants.removeText')}</p>
        ${blocked?.counts ? html`<p><strong>${t('tenants.goes')}</strong> ${this.counts(blocked.counts)}</p>` : nothing}
        ${impact?.detail ? html`<p class="note warn">${impact.detail}</p>` : nothing}
        ${impact?.flows?.length ? html`<p>${t('tenants.flows')}</p><ul class="chips">${impact.flows.map((f) => html`<li class="chip">${f.flowId}</li>`)}</ul>` : nothing}
      </div>
    </tenon-confirm>`;
  }

  private async ask() {
    this.removal = await this.act(() => ask(this.context.api.DELETE('/v1/tenants/{tenantId}', { params: { ...this.at, query: { dryRun: true } } })));
  }

  private async erase() {
    const begun = await this.act(() => ask(this.context.api.DELETE('/v1/tenants/{tenantId}', { params: this.at })));
    if (!begun) return;
    this.dialog?.close();
    this.loaded.set(begun);
    this.context.say(t('tenants.begun'));
  }
}
