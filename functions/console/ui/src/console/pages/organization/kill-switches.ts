import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import { focusWrong, selectField, textField } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { Watch } from '../../../parts/watch.js';
import { moment, number, translator, word } from '../../../words/words.js';
import { OrganizationPage } from './section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Switch = Schemas['KillSwitch'];
type New = { scope: Switch['scope']; target: string; reason: string };

/** PageKillSwitches cuts off a tenant, a system or everything, and shows how far that is. */
@customElement('tenon-page-kill-switches')
export class PageKillSwitches extends OrganizationPage {
  protected override readonly tab = 'kill-switches';
  @state() private adding?: New;
  @state() private cutting = false;
  @state() private lifting?: Switch;
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;

  private readonly list = new Load<Switch[]>(this, async () => (await all((cursor) => ask(this.context.api.GET('/v1/kill-switches', { params: { query: { limit: 100, cursor } } })))).reverse());

  constructor() {
    super();
    new Watch(this, () => !!this.list.value?.some((k) => k.state === 'cutting' || k.state === 'lifting'), () => this.list.again());
  }

  /** target is what has to be typed: the tenant, the connector, or the name of the stage. */
  private target(n: { scope: Switch['scope']; target: string }): string { return n.scope === 'stage' ? this.context.configuration.stage : n.target.trim(); }

  protected override draw() {
    return html`
      <div class="head">
        <div><h1>${t('organization.kill-switches')}</h1><p class="soft">${t('kill.lead')}</p></div>
        ${this.adding ? nothing : html`<button class="danger" type="button" @click=${() => this.begin()}>${t('kill.new')}</button>`}
      </div>
      ${this.adding ? this.form(this.adding) : nothing}
      ${this.list.render((switches) => (switches.length ? html`<ul class="stack">${switches.map((k) => this.card(k))}</ul>` : html`<div class="empty"><h2>${t('kill.empty')}</h2><p class="soft">${t('kill.emptyLead')}</p></div>`))}
      ${this.lifting ? html`<tenon-confirm heading=${t('kill.lift')} .action=${t('kill.lift')} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.lift(this.lifting!)} @close=${() => (this.lifting = undefined)}><p>${t('kill.liftText')}</p></tenon-confirm>` : nothing}`;
  }

  private form(n: New) {
    const set = (part: Partial<New>) => (this.adding = { ...n, ...part });
    const pointer = n.scope === 'tenant' ? '/tenant' : '/connector';
    return html`<form class="card" novalidate @submit=${(e: Event) => { e.preventDefault(); if (this.target(n) && n.reason.trim()) { this.trouble = undefined; this.cutting = true; } }}>
      <h2>${t('kill.new')}</h2>
      ${selectField({ id: 'scope', label: t('kill.scope'), value: n.scope, change: (v) => set({ scope: v as Switch['scope'] }), options: [['tenant', t('kill.tenant')], ['connector', t('kill.connector')], ['stage', t('kill.stage', { stage: this.context.configuration.stage })]] })}
      ${n.scope === 'stage' ? nothing : textField({ id: 'target', label: t('kill.target'), help: n.scope === 'tenant' ? t('kill.tenantHelp') : t('kill.connectorHelp'), value: n.target, wrong: this.trouble?.field(pointer), input: (target) => set({ target }) })}
      ${textField({ id: 'reason', label: t('kill.reason'), help: t('kill.reasonHelp'), value: n.reason, wrong: this.trouble?.field('/reason'), input: (reason) => set({ reason }) })}
      ${this.cutting || this.lifting ? nothing : html`<tenon-problem fields .problem=${this.trouble}></tenon-problem>`}
      <div class="bar">
        <button class="danger" type="submit" ?disabled=${!this.target(n) || !n.reason.trim()}>${t('kill.cut')}</button>
        <button type="button" @click=${() => (this.adding = undefined)}>${t('action.cancel')}</button>
      </div>
      ${this.cutting ? html`<tenon-confirm danger heading=${t('kill.heading', { name: this.target(n) })} .action=${t('kill.cut')} .name=${this.target(n)} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.cut(n)} @close=${() => (this.cutting = false)}><p>${t('kill.text')}</p></tenon-confirm>` : nothing}
    </form>`;
  }

  private card(k: Switch) {
    const p = k.progress;
    const counts = (['total', 'disabled', 'revoked', 'irrevocable', 'pendingRevocation', 'failed'] as const).map((what) => html`<dt>${t(`kill.${what}`)}</dt><dd>${number(p[what])}</dd>`);
    return html`<li class="card stack">
      <div class="split"><h2>${word('kill', k.scope)}: <code>${this.target({ scope: k.scope, target: k.tenant ?? k.connector ?? '' })}</code></h2><span class="chip">${word('kill.state', k.state)}</span></div>
      <p>${k.reason}</p>
      ${k.state === 'cutting' && p.total ? html`<progress aria-label=${t('kill.progress')} max=${p.total} value=${p.disabled}></progress>` : nothing}
      <dl class="facts">${counts}</dl>
      <p class="small soft">${t('kill.by', { at: moment(p.startedAt), by: p.startedBy })} ${k.liftedAt ? t('kill.liftedBy', { at: moment(k.liftedAt), by: k.liftedBy ?? '' }) : ''}</p>
      ${k.liftedAt ? nothing : html`<div><button type="button" @click=${() => { this.trouble = undefined; this.lifting = k; }}>${t('kill.lift')}</button></div>`}
    </li>`;
  }

  private async begin() {
    [this.adding, this.trouble] = [{ scope: 'tenant', target: '', reason: '' }, undefined];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#scope')?.focus();
  }

  private async cut(n: New) {
    const target = this.target(n);
    const body: Schemas['KillSwitchCreate'] = { scope: n.scope, reason: n.reason.trim(), confirm: target, ...(n.scope === 'stage' ? {} : { [n.scope]: target }) };
    const made = await this.act(() => ask(this.context.api.POST('/v1/kill-switches', { body })));
    this.dialog?.close();
    if (!made) return focusWrong(this);
    this.adding = undefined;
    this.context.say(t('kill.begun'));
    await this.list.again();
  }

  private async lift(k: Switch) {
    const lifted = await this.act(() => ask(this.context.api.POST('/v1/kill-switches/{killSwitchId}/lift', { params: { path: { killSwitchId: k.id } } })));
    if (!lifted) return;
    this.dialog?.close();
    this.context.say(t('kill.lifted'));
    await this.list.again();
  }
}
