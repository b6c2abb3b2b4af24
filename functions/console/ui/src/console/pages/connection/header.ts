import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../elements/status.js';
import { mark } from '../../../parts/mark.js';
import '../../../parts/problem.js';
import { ago, moment, translator } from '../../../words/words.js';
import '../../parts/reason/reason.js';
import type en from './en.js';
import { remedyOf, renewalText } from './remedy.js';
import { renewal, schemeOf, Section } from './section.js';

const t = translator<typeof en>();

/** ConnectionHeader says which connection this is, how it is, and what helps. */
@customElement('tenon-connection-header')
export class ConnectionHeader extends Section {
  static override styles = [...Section.styles, css`
    .name { display: flex; gap: 1rem; align-items: center; min-width: 0; }
    .name .mark { width: 3rem; height: 3rem; }
    .name h1 { overflow-wrap: anywhere; }
    .state { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
  `];

  @state() private verdict?: Schemas['Verification'];

  override render() {
    const { connection: c, connector } = this.shown;
    return html`<div class="stack">
      <div class="name">${mark(connector.logo)}<div><h1>${c.name}</h1><p class="soft">${connector.name} · ${schemeOf(this.shown)?.name ?? c.authScheme}</p></div></div>
      <div class="card stack">
        <div class="state"><tenon-status status=${c.status}></tenon-status><span class="soft small" title=${ago(c.since)}>${t('connection.since', { when: moment(c.since) })}</span></div>
        ${c.message ? html`<tenon-reason .connection=${c}></tenon-reason>` : nothing}
        ${c.incident ? html`<p class="note warn">${t('connection.incident', { provider: c.incident.provider, when: moment(c.incident.since) })}</p>` : nothing}
        ${this.revocation()}
        ${this.writable ? this.actions() : nothing}
        ${this.outcome()}
        ${this.trouble ? html`<tenon-problem .problem=${this.trouble} @reload=${() => { this.trouble = undefined; this.changed(); }}></tenon-problem>` : nothing}
      </div>
    </div>`;
  }

  private revocation() {
    const { status, revocation } = this.shown.connection;
    return status === 'disabled' && revocation ? html`<p class="small soft">${t(`connection.revocation.${revocation}`)}</p>` : nothing;
  }

  private actions() {
    const { connection: c } = this.shown;
    const enable = c.status === 'disabled' && c.reason !== 'deleting';
    const remedy = enable ? undefined : remedyOf(this.shown);
    const renew = renewal(this.shown);
    return html`<div class="bar">
      ${c.remedy === 'contact_admin' ? html`<strong>${t('remedy.contact_admin')}</strong>` : nothing}
      ${enable ? html`<button class="main" type="button" ?disabled=${this.working} @click=${() => this.enable()}>${t('connection.enable')}</button>` : nothing}
      ${remedy ? html`<button class="main" type="button" ?disabled=${this.working} @click=${() => (remedy.open ? this.open(remedy.open) : this.verify())}>${remedy.text}</button>` : nothing}
      ${c.credential && c.remedy !== 'retry' && !enable ? html`<button type="button" ?disabled=${this.working} @click=${() => this.verify()}>${this.working ? t('state.working') : t('connection.verify')}</button>` : nothing}
      ${remedy?.open === renew || enable ? nothing : html`<button type="button" @click=${() => this.open(renew)}>${renewalText(this.shown)}</button>`}
      ${c.status === 'disabled' || c.status === 'pending' ? nothing : html`<button type="button" @click=${() => this.open('disable')}>${t('connection.disable')}</button>`}
      <button class="danger" type="button" @click=${() => this.open('remove')}>${t('action.delete')}</button>
    </div>`;
  }

  private outcome() {
    const v = this.verdict;
    return html`<div role="status">${v ? html`<p class="note ${v.outcome === 'ok' ? 'good' : 'warn'}">${v.outcome === 'ok' ? t('connection.verified') : v.message} <span class="small soft">${moment(v.checkedAt)}</span></p>` : nothing}</div>`;
  }

  private async verify() {
    this.verdict = undefined;
    this.verdict = await this.act(() => ask(this.context.api.POST('/v1/connections/{connectionId}/verify', { params: { path: { connectionId: this.shown.connection.id } } })));
    if (this.verdict) this.changed(this.verdict.connection);
  }

  private async enable() {
    const { connection: c } = this.shown;
    const enabled = await this.act(() => ask(this.context.api.POST('/v1/connections/{connectionId}/enable', { params: { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } } })));
    if (!enabled) return;
    this.changed(enabled);
    this.context.say(t('connection.enabled'));
  }
}
