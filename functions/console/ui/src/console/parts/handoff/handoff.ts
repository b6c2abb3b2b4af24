import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { type Problem, problemOf } from '../../../api/problem.js';
import { controls } from '../../../look/controls.js';
import '../../../parts/problem.js';
import { Worded } from '../../../parts/worded.js';
import { Watch } from '../../../parts/watch.js';
import { ago, translator } from '../../../words/words.js';
import type { Context } from '../../context.js';
import './accounts.js';
import type en from './en.js';
import { HandoffTab } from './tab.js';
import { words } from './words.js';

const t = translator<typeof en>();

type Connection = Schemas['Connection'];
type Handoff = Schemas['Handoff'];

/**
 * TenonHandoff brings a person to the system's pages and watches until the
 * connection is connected: in a tab of their own, or with a code on another device.
 * Without a handoff it begins with a button that starts one. It fires
 * tenon-connected {connection}, tenon-failed {connection} and tenon-cancelled;
 * after a failure it offers to start again by itself.
 */
@customElement('tenon-handoff')
export class TenonHandoff extends Worded {
  static override styles = [...controls, css`
    .user-code { font: 650 1.6rem/1.2 var(--mono); letter-spacing: 0.12em; overflow-wrap: anywhere; }
    .stack { justify-items: start; }
  `];

  @property({ attribute: false }) context!: Context;
  /** The connection to connect, or to connect anew. */
  @property({ attribute: false }) connection!: Connection;
  /** A handoff that was started already. */
  @property({ attribute: false }) handoff?: Handoff;
  /** The start link of that handoff is open in a tab. */
  @property({ type: Boolean }) opened = false;
  /** What is said to start one: scopes, allowAccountChange, … */
  @property({ attribute: false }) body: Schemas['Authorize'] = {};
  /** Name of the system, as people call it. */
  @property() system = '';

  @state() private phase: 'idle' | 'waiting' | 'choosing' | 'connected' | 'failed' | 'expired' = 'idle';
  @state() private latest?: Connection;
  @state() private trouble?: Problem;
  @state() private working = false;
  /** When the credential was set that there was before. */
  private setBefore?: string;

  protected override readonly dictionary = words;
  /** The last question found nobody to answer. */
  @state() private offline = false;

  constructor() {
    super();
    new Watch(this, () => this.phase === 'waiting', () => this.look(), 2);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('handoff') && this.handoff && this.phase !== 'waiting') this.wait();
  }

  private wait() {
    this.phase = 'waiting';
    this.setBefore = this.connection.credential?.setAt;
  }

  /** look asks how the connection is; the answer for a handoff that is over is dropped. */
  private async look() {
    const { handoff } = this;
    try {
      const connection = await ask(this.context.api.GET('/v1/connections/{connectionId}', { params: { path: { connectionId: this.connection.id } } }));
      this.offline = false;
      if (this.phase === 'waiting' && handoff === this.handoff) this.seen(connection);
    } catch (thrown) {
      this.offline = problemOf(thrown).offline;
    }
  }

  /** seen judges the state of the connection. */
  private seen(connection: Connection) {
    this.latest = connection;
    if (connection.credential && connection.credential.setAt !== this.setBefore) {
      this.phase = connection.reason === 'account_required' ? 'choosing' : 'connected';
      if (this.phase === 'connected') this.fire('tenon-connected', connection);
    } else if (connection.reason === 'denied') this.fail(connection, 'failed');
    else if (connection.reason === 'handoff_expired' || Date.now() > Date.parse(this.handoff?.expiresAt ?? '')) this.fail(connection, 'expired');
  }

  private fail(connection: Connection, phase: 'failed' | 'expired') {
    this.phase = phase;
    this.fire('tenon-failed', connection);
  }

  /** begin starts a handoff, which supersedes the one before. */
  private async begin() {
    if (this.working) return;
    this.working = true;
    this.trouble = undefined;
    const device = this.handoff?.userCode || this.connection.authScheme === 'oauth2_device_code'; // There is no page to open in a tab.
    const tab = device ? undefined : new HandoffTab(t('handoff.opening', { system: this.system }));
    try {
      const handoff = await ask(this.context.api.POST('/v1/connections/{connectionId}/authorize', { params: { path: { connectionId: this.connection.id } }, body: this.body }));
      this.opened = tab?.show(handoff) ?? false;
      this.handoff = handoff;
      this.wait();
    } catch (thrown) {
      tab?.drop();
      this.trouble = problemOf(thrown);
    }
    this.working = false;
  }

  private cancel() {
    this.phase = 'idle';
    this.handoff = undefined;
    this.dispatchEvent(new CustomEvent('tenon-cancelled'));
  }

  private fire(name: string, connection: Connection) { this.dispatchEvent(new CustomEvent(name, { detail: { connection } })); }

  override render() {
    if (!this.spoken) return nothing;
    return html`<div class="stack">
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      ${this.step()}
    </div>`;
  }

  private step() {
    const system = this.system || this.connection.connector;
    switch (this.phase) {
      case 'choosing':
        return html`<tenon-account-choice .context=${this.context} .connection=${this.latest}
          @tenon-account-chosen=${(e: CustomEvent<{ connection: Connection }>) => this.fire('tenon-connected', e.detail.connection)}></tenon-account-choice>`;
      case 'waiting':
        return this.handoff?.userCode ? this.device(this.handoff, system) : this.elsewhere(this.handoff!, system);
      case 'failed':
      case 'expired':
        return html`<p class="note warn" role="alert">${this.phase === 'failed' ? t('handoff.denied', { system }) : t('handoff.expired')}</p>
          <div class="bar">${this.start(t('handoff.again'))}${this.quit()}</div>`;
      case 'connected':
        return nothing; // Whoever was told takes it from here.
      default:
        return this.start(t('handoff.continue', { system }));
    }
  }

  private elsewhere(handoff: Handoff, system: string) {
    return html`
      <p role="status">${this.opened ? t('handoff.waiting', { system }) : t('handoff.blocked', { system })}</p>
      <p class="small soft">${t('handoff.until', { when: ago(handoff.expiresAt ?? '') })} ${t('handoff.trouble')}</p>
      ${this.connectionLost()}
      <div class="bar">
        ${this.opened ? this.start(t('handoff.reopen'), '') : html`<a class="button main" href=${handoff.startUrl ?? ''} target="_blank" rel="noopener noreferrer" @click=${() => (this.opened = true)}>${t('handoff.open', { system })}</a>`}
        ${this.quit()}
      </div>`;
  }

  private device(handoff: Handoff, system: string) {
    return html`
      <p>${t('handoff.device', { system })}</p>
      <p class="user-code" aria-label=${t('handoff.code')}>${handoff.userCode}</p>
      <p class="small soft">${t('handoff.secret')}</p>
      <p role="status">${t('handoff.watching')} ${t('handoff.until', { when: ago(handoff.expiresAt ?? '') })}</p>
      ${this.connectionLost()}
      <div class="bar">
        <a class="button main" href=${handoff.verificationUrlComplete ?? handoff.verificationUrl ?? ''} target="_blank" rel="noopener noreferrer">${t('handoff.open', { system })}</a>
        ${this.start(t('handoff.newCode'), '')}${this.quit()}
      </div>`;
  }

  private connectionLost() { return this.offline ? html`<p class="note warn" role="status">${t('app.offline')}</p>` : nothing; }

  private start(label: string, kind = 'main') {
    return html`<button type="button" class=${kind} ?disabled=${this.working} @click=${() => this.begin()}>${label}</button>`;
  }

  private quit() { return html`<button type="button" class="plain" @click=${() => this.cancel()}>${t('action.cancel')}</button>`; }
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-handoff': TenonHandoff }
}
