import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Problem } from '../api/problem.js';
import { controls } from '../look/controls.js';
import { translator } from '../words/words.js';
import type { TenonDialog } from './dialog.js';
import './dialog.js';
import './problem.js';
import { textField } from './field.js';

const t = translator();

/**
 * TenonConfirm asks before something is done; what happens then is its content. It
 * fires "confirm", and "close" however it ended. What cannot be undone is confirmed
 * by typing its name.
 */
@customElement('tenon-confirm')
export class TenonConfirm extends LitElement {
  static override styles = controls;

  @property() heading = '';
  @property({ attribute: false }) action = '';
  /** What has to be typed; nothing has to when it is empty. */
  @property({ attribute: false }) name = '';
  @property({ type: Boolean }) danger = false;
  /** Nothing can be confirmed: the content says why. */
  @property({ type: Boolean }) refused = false;
  @property({ type: Boolean }) working = false;
  @property({ attribute: false }) problem?: Problem;
  @state() private typed = '';
  @query('tenon-dialog') private readonly dialog!: TenonDialog;

  /** close gives the focus back to where it was. */
  close() { this.dialog.close(); }

  override render() {
    const allowed = !this.refused && !this.working && (!this.name || this.typed === this.name);
    return html`<tenon-dialog heading=${this.heading} @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <form novalidate @submit=${(e: Event) => { e.preventDefault(); if (allowed) this.dispatchEvent(new CustomEvent('confirm')); }}>
        <slot></slot>
        ${this.name && !this.refused ? textField({ id: 'name', label: t('confirm.type', { name: this.name }), value: this.typed, input: (value) => (this.typed = value) }) : nothing}
        <tenon-problem .problem=${this.problem} @reload=${() => this.dispatchEvent(new CustomEvent('reload'))}></tenon-problem>
        <div class="bar">
          ${this.refused ? nothing : html`<button type="submit" class=${this.danger ? 'danger' : 'main'} ?disabled=${!allowed}>${this.working ? t('state.working') : this.action}</button>`}
          <button type="button" @click=${() => this.close()}>${t('action.cancel')}</button>
        </div>
      </form>
    </tenon-dialog>`;
  }
}
