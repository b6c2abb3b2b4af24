import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Schemas } from '../api/schemas.js';
import { word } from '../words/words.js';
import { call } from './call.js';
import { Embedded } from './embedded.js';
import { poll } from '../parts/poll.js';
import './words.js';

const pace = { first: 20_000, most: 60_000 };

/**
 * TenonStatus is the status of a connection: its word, on its colour, with a mark
 * that differs in shape too. It shows the status it is given, or fetches that of a
 * connection, now and then again.
 */
@customElement('tenon-status')
export class TenonStatus extends Embedded {
  static override styles = [...Embedded.styles, css`
    :host { display: inline-block; }
    span { display: inline-flex; align-items: center; gap: 0.4rem; padding: 0.12rem 0.6rem 0.12rem 0.5rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
    svg { width: 0.7rem; height: 0.7rem; flex: none; fill: currentColor; }
    @media (forced-colors: active) { span { outline: 1px solid CanvasText; outline-offset: -1px; } }
    .active { color: var(--green); background: var(--green-wash); }
    .degraded { color: var(--amber); background: var(--amber-wash); }
    .disabled { color: var(--slate); background: var(--slate-wash); }
    .pending { color: var(--blue); background: var(--blue-wash); }
  `];

  /** active, degraded, disabled or pending. */
  @property() status = '';
  /** Id of a connection. */
  @property() connection = '';
  @state() private fetched = '';
  #left?: AbortController;

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#left?.abort();
    this.#left = undefined;
  }

  override updated(changed: PropertyValues) {
    if (changed.has('connection') || changed.has('api')) this.#left = void this.#left?.abort();
    if (this.connection && !this.status && !this.#left && this.isConnected && this.access) this.#follow((this.#left = new AbortController()).signal);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.requestUpdate(); // It may have been moved.
  }

  override render() {
    const status = this.status || (this.connection && this.fetched);
    return status ? html`<span part="badge" class=${status}>${shape(status)}${word('status', status)}</span>` : nothing;
  }

  /** What cannot be fetched leaves what was shown before. */
  async #follow(signal: AbortSignal) {
    this.fetched = '';
    const fetch = async () => {
      const path = `/v1/connections/${encodeURIComponent(this.connection)}`;
      const seen = await call<Schemas['Connection']>(this.access!, path).catch(() => undefined);
      if (seen && !signal.aborted) this.fetched = seen.status;
      return false;
    };
    await fetch();
    await poll(fetch, pace, signal);
  }
}

function shape(status: string) {
  const d = { active: 'M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0', degraded: 'M6 .5 12 11.5H0z', disabled: 'M1 5h10v2.4H1z' }[status] ?? 'M6 0 12 6 6 12 0 6z';
  return html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d=${d} /></svg>`;
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-status': TenonStatus }
}
