import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from '../look/controls.js';
import { translator } from '../words/words.js';

const t = translator();

/** TenonCopy puts a text on the clipboard. The text itself stands beside it, for where there is none. */
@customElement('tenon-copy')
export class TenonCopy extends LitElement {
  static override styles = [...controls, css`:host { display: inline-block; }`];

  /** What is copied; no attribute, so that markup does not hold it. */
  @property({ attribute: false }) text = '';
  /** What the text is, for those who hear the page: Copy redirect URI. */
  @property() what = '';
  @state() private copied = false;

  override render() {
    return html`<button type="button" aria-label="${t('action.copy')}: ${this.what}" @click=${() => this.copy()}>${this.copied ? t('action.copied') : t('action.copy')}</button>
      <span class="quiet" role="status">${this.copied ? t('action.copied') : ''}</span>`;
  }

  private async copy() {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      return; // The browser allows no clipboard; the text can be selected.
    }
    this.copied = true;
    setTimeout(() => (this.copied = false), 2000);
  }
}
