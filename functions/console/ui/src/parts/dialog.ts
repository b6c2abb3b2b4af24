import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controls } from '../look/controls.js';
import { focused, refocus } from './focus.js';
import { translator } from '../words/words.js';

const t = translator();

/**
 * TenonDialog is a modal dialog: focus stays in it, Escape closes it, and goes
 * back to where it was, or to what is around that when it is there no more. It fires "close" however it ended.
 */
@customElement('tenon-dialog')
export class TenonDialog extends LitElement {
  static override styles = [...controls, css`
    dialog {
      width: min(36rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); padding: 1.5rem; border: 1px solid var(--line);
      border-radius: calc(var(--radius) + 4px); background: var(--card); color: inherit; box-shadow: 0 20px 60px rgb(0 0 0 / 0.35);
    }
    dialog::backdrop { background: rgb(10 14 20 / 0.55); }
    header { display: flex; justify-content: space-between; align-items: start; gap: 1rem; margin-bottom: 1rem; }
  `];

  @property() heading = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  #before: Element[] = [];

  override firstUpdated() {
    this.#before = focused();
    this.dialog.showModal();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    setTimeout(() => refocus(this.#before)); // What is around it is drawn by then.
  }

  close() { this.dialog.close(); }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button class="plain" type="button" aria-label=${t('action.close')} @click=${() => this.close()}>✕</button>
      </header>
      <slot></slot>
    </dialog>`;
  }
}
