import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Problem, unanswered } from '../api/problem.js';
import { chosen } from '../words/words.js';
import { definite } from './call.js';
import { look } from './connect-look.js';
import { Embedded } from './embedded.js';
import { poll } from '../parts/poll.js';
import { checked, mint, progress, recall, remember, type Asking, type Link, type Progress, type Wanted } from './session.js';
import { settings, type Settings } from './settings.js';
import { t } from './words.js';

export { configure } from './settings.js';

type Phase = 'idle' | 'opening' | 'waiting' | 'connected' | 'failed';

const pace = { first: 1000, most: 3000 };
// A session ends after half an hour, which the API says; this is for when it says nothing.
const patience = 31 * 60_000;

/**
 * TenonConnectButton lets a person connect an account on the hosted page. What
 * came of it the API says: no message of a window is listened to, and whether the
 * other window is there is not asked. It fires "tenon-connected" with
 * {connectionId}, "tenon-failed" with {code}, and "tenon-cancelled".
 */
@customElement('tenon-connect-button')
export class TenonConnectButton extends Embedded {
  static override styles = [...Embedded.styles, look];

  /** Id of a system: any of its accounts. */
  @property() connector = '';
  /** Id of a template. */
  @property() template = '';
  /** Id of a connection that is connected again. */
  @property() connection = '';
  @property() environment?: Wanted['environment'];
  /** popup opens a window, redirect leaves the page, link shows a link for a new tab. */
  @property() mode: 'popup' | 'redirect' | 'link' = 'popup';
  @property({ attribute: 'end-user' }) endUser = '';
  /** Where the browser goes afterwards; listed in the tenant's settings. */
  @property({ attribute: 'return-url' }) returnUrl = '';
  @property({ attribute: false }) session?: Settings['session'];
  @property({ attribute: false }) status?: Settings['status'];

  @state() private phase: Phase = 'idle';
  @state() private said = '';
  @state() private link?: Link;

  #sessionId = '';
  #left?: AbortController;
  /** A window was opened for the person. */
  #opened = false;
  /** The focus was on what is not shown any more. */
  #focused = false;
  /** A page whose windows are blocked once is not asked to open another. */
  private static blocked = false;

  /** reset makes the button new, whatever came before. */
  reset(): void {
    this.#left?.abort();
    this.#show('idle');
  }

  override connectedCallback() {
    super.connectedCallback();
    if (this.phase === 'waiting') this.#watch();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#left?.abort();
    if (this.phase === 'opening') this.#show('idle');
  }

  override render() {
    const [phase, busy] = [this.phase, this.phase === 'opening'];
    return html`<div class="frame" part="frame">
      ${phase === 'waiting' || phase === 'connected' ? nothing : html`<button part="button" class="main" type="button" aria-disabled=${busy} @click=${() => this.#start()}>
        <slot>${this.connection ? t('elements.reconnect') : t('elements.connect')}</slot></button>`}
      <span part="message" class="said ${phase}" role="status" tabindex=${phase === 'connected' ? '-1' : nothing}>${busy ? t('elements.opening') : this.said}</span>
      ${phase === 'waiting' ? html`${this.#offer()}<button part="cancel" type="button" @click=${() => this.#cancel()}>${t('elements.cancel')}</button>` : nothing}
    </div>`;
  }

  #offer() {
    if (!this.link) return nothing;
    const leaves = this.mode === 'redirect';
    return html`<a part="link" href=${this.link.url} target=${leaves ? '_top' : '_blank'} rel="noopener noreferrer">
      ${this.#opened ? t('elements.again') : t('elements.open')}${leaves ? nothing : html`<span class="quiet">(${t('elements.tab')})</span>`}</a>`;
  }

  /** A page that was left by a redirect is here again: its session is looked at, once the page has said how. */
  override updated(changed: PropertyValues) {
    if (this.mode === 'redirect' && this.phase === 'idle' && (this.#asking.status ?? this.access)) {
      const sessionId = recall(this.#wanted());
      if (sessionId) void this.#resume(sessionId);
    }
    if (changed.has('phase') && this.#focused) this.renderRoot.querySelector<HTMLElement>('a, button, .said[tabindex]')?.focus();
    this.#focused = false;
  }

  #show(phase: Phase, said = '') {
    this.#focused ||= this.phase !== phase && this.shadowRoot?.activeElement != null;
    [this.phase, this.said] = [phase, said];
    if (phase !== 'waiting') this.link = undefined;
  }

  #wanted(): Wanted {
    const wanted: Wanted = { connector: this.connector, template: this.template, connection: this.connection, environment: this.environment };
    return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
  }

  get #asking(): Asking {
    return {
      session: this.session ?? settings.session, status: this.status ?? settings.status, access: this.access,
      endUser: this.endUser || settings.endUser, returnUrl: this.returnUrl || undefined,
    };
  }

  /** Windows are opened within the click, or not at all: first an empty one. */
  async #start() {
    if (this.phase === 'opening') return;
    const other = this.mode === 'popup' && !TenonConnectButton.blocked ? window.open('about:blank', '_blank', 'popup,width=560,height=760') : null;
    TenonConnectButton.blocked ||= this.mode === 'popup' && !other;
    this.#left?.abort();
    const { signal } = (this.#left = new AbortController());
    this.#show('opening');
    try {
      const link = checked(await mint(this.#asking, this.#wanted()), chosen());
      if (signal.aborted) return other?.close();
      this.#leave(link, other);
      this.#watch();
    } catch (thrown) {
      other?.close();
      if (!signal.aborted) this.#fail(unanswered(thrown));
    }
  }

  /** The person gets to the hosted page, or the means to: where no window or redirect is possible, a link. */
  #leave(link: Link, other: Window | null) {
    [this.#sessionId, this.link, this.#opened] = [link.sessionId, link, other !== null];
    const said = other ? t('elements.elsewhere') : this.mode === 'redirect' ? t('elements.leaving') : t('elements.ready');
    this.#show('waiting', said);
    if (other) {
      other.opener = null;
      other.location.replace(link.url);
    } else if (this.mode === 'redirect' && remember(this.#wanted(), link.sessionId)) {
      try {
        window.top!.location.href = link.url;
      } catch {
        this.said = t('elements.ready'); // The frame may not lead the page around it away.
      }
    }
  }

  async #resume(sessionId: string) {
    this.#sessionId = sessionId;
    const seen = await progress(this.#asking, sessionId).catch(() => undefined);
    if (!seen || this.phase !== 'idle') return;
    if (seen.state === 'failed') return this.#fail(new Problem(seen.problem ?? 'unexpected', -1));
    if (this.#hear(seen) || seen.state !== 'awaiting_completion') return; // Left before it was finished: another click begins anew.
    this.#show('waiting', t('elements.returned'));
    this.#watch();
  }

  #watch() {
    this.#left?.abort();
    const { signal } = (this.#left = new AbortController());
    const end = Date.now() + patience;
    const asked = async () => {
      if (Date.now() > end) return this.#hear({ state: 'expired' });
      try {
        const seen = await progress(this.#asking, this.#sessionId);
        return signal.aborted || this.#hear(seen);
      } catch (thrown) {
        const problem = unanswered(thrown);
        if (!definite(problem) || signal.aborted) return false; // Asked again.
        this.#fail(problem);
        return true;
      }
    };
    void poll(asked, pace, signal);
  }

  /** Takes in what the API says; true when that is the end. */
  #hear(seen: Progress): boolean {
    if (seen.state === 'completed') {
      this.#show('connected', t('elements.connected'));
      this.fire('tenon-connected', { connectionId: seen.connectionId ?? '', sessionId: this.#sessionId });
      return true;
    }
    if (seen.state === 'expired' || seen.closed) {
      this.#fail(new Problem(seen.state === 'expired' ? 'handoff_expired' : (seen.problem ?? 'unexpected'), -1));
      return true;
    }
    if (seen.state === 'failed') this.said = t('elements.tried');
    return false;
  }

  #fail(problem: Problem) {
    const known: Record<string, string> = { handoff_expired: t('elements.expired'), oauth_denied: t('elements.declined') };
    this.#show('failed', known[problem.code] ?? (problem.status > 0 ? problem.document?.detail : '') ?? t('elements.failed'));
    this.said ||= t('elements.failed');
    this.fire('tenon-failed', { code: problem.code });
  }

  #cancel() {
    this.reset();
    recall(this.#wanted());
    this.fire('tenon-cancelled');
  }
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-connect-button': TenonConnectButton }
  interface GlobalEventHandlersEventMap {
    'tenon-connected': CustomEvent<{ connectionId: string; sessionId: string }>;
    'tenon-failed': CustomEvent<{ code: string }>;
    'tenon-cancelled': CustomEvent<Record<string, never>>;
  }
}
