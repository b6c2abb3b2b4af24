import { css, LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { base } from '../look/base.js';
import type { Access } from './call.js';
import { changes, settings, speak, type Settings } from './settings.js';

// Modules of ours are served by the API's own origin.
const origin = new URL(import.meta.url).origin;

/** Embedded is the base of the elements for pages of others: it knows the settings of the page, and follows its colour scheme. */
export abstract class Embedded extends LitElement {
  static override styles = [...base, css`:host { color-scheme: inherit; }`];

  /** Origin of the API. */
  @property() api = '';
  /** Returns an access token of the person. */
  @property({ attribute: false }) token?: Settings['token'];

  override connectedCallback() {
    super.connectedCallback();
    changes.addEventListener('change', this.#changed);
    void speak();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.#changed);
  }

  readonly #changed = () => {
    this.requestUpdate();
    this.configured();
  };

  /** configured is called when the settings of the page are others. */
  protected configured(): void {}

  /** access is how the API is called; undefined while there is no token. */
  protected get access(): Access | undefined {
    const token = this.token ?? settings.token;
    return token && { base: (this.api || settings.api || origin).replace(/\/$/, ''), token };
  }

  /** fire tells the page what happened. */
  protected fire(name: string, detail: Record<string, string> = {}): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
