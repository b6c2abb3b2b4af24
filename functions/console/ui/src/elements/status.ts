import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../look/controls.js';
import { word } from '../words/words.js';

/** TenonStatus is the status of a connection: its word, on its colour, with a mark that differs in shape too. */
@customElement('tenon-status')
export class TenonStatus extends LitElement {
  static override styles = [...base, css`
    :host { display: inline-block; }
    span { display: inline-flex; align-items: center; gap: 0.4rem; padding: 0.12rem 0.6rem 0.12rem 0.5rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
    svg { width: 0.7rem; height: 0.7rem; flex: none; fill: currentColor; }
    .active { color: var(--green); background: var(--green-wash); }
    .degraded { color: var(--amber); background: var(--amber-wash); }
    .disabled { color: var(--slate); background: var(--slate-wash); }
    .pending { color: var(--blue); background: var(--blue-wash); }
  `];

  /** active, degraded, disabled or pending. */
  @property() status = '';

  override render() {
    if (!this.status) return nothing;
    return html`<span part="badge" class=${this.status}>${shape(this.status)}${word('status', this.status)}</span>`;
  }
}

function shape(status: string) {
  const d = { active: 'M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0', degraded: 'M6 .5 12 11.5H0z', disabled: 'M1 5h10v2.4H1z' }[status] ?? 'M6 0 12 6 6 12 0 6z';
  return html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d=${d} /></svg>`;
}
