import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Problem } from '../api/problem.js';
import { controls } from '../look/controls.js';
import { translator } from '../words/words.js';

const t = translator();

/**
 * TenonProblem says what went wrong, which request it was, and what helps. It
 * fires "retry" and "reload" where its page can do that.
 */
@customElement('tenon-problem')
export class TenonProblem extends LitElement {
  static override styles = [...controls, css`.note { display: grid; gap: 0.5rem; justify-items: start; }`];

  @property({ attribute: false }) problem?: Problem;
  @property({ type: Boolean }) retry = false;
  /** Members that are named beside their fields need no second mention. */
  @property({ type: Boolean }) fields = false;

  /** Without a problem it takes no room. */
  override willUpdate() { this.hidden = !this.problem; }

  override render() {
    const p = this.problem;
    if (!p) return nothing;
    const id = p.document?.requestId;
    const flows = p.document?.flows ?? [];
    const members = this.fields ? [] : (p.document?.errors ?? []);
    return html`<div class="note bad" role="alert">
      <p><strong>${this.sentence(p)}</strong></p>
      ${members.length ? html`<ul>${members.map((m) => html`<li><code>${m.pointer}</code> ${m.detail}</li>`)}</ul>` : nothing}
      ${flows.length ? html`<p>${t('problem.flows')}</p><ul class="chips">${flows.map((f) => html`<li class="chip">${f}</li>`)}</ul>` : nothing}
      ${id ? html`<p class="small soft mono">${t('problem.request', { id })}</p>` : nothing}
      ${p.stale ? html`<button type="button" @click=${() => this.fire('reload')}>${t('action.reload')}</button>` : nothing}
      ${this.retry && !p.stale ? html`<button type="button" @click=${() => this.fire('retry')}>${t('action.retry')}</button>` : nothing}
    </div>`;
  }

  private sentence(p: Problem): string {
    if (p.offline) return t('problem.offline');
    if (p.stale) return t('problem.stale');
    if (p.document?.detail) return p.document.detail;
    return t(p.status === 403 ? 'problem.forbidden' : p.busy ? 'problem.busy' : 'problem.unexpected');
  }

  private fire(name: string) { this.dispatchEvent(new CustomEvent(name)); }
}
