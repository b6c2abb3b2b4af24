import type { Schemas } from '../../../api/client.js';

/**
 * HandoffTab is the tab in which a person goes through a handoff. It is made within
 * the click, or a browser would refuse it, and gets its address when that is known.
 * The page in it cannot reach this one.
 */
export class HandoffTab {
  #tab: Window | null;

  constructor(meanwhile: string) {
    this.#tab = window.open('', '_blank');
    if (!this.#tab) return;
    this.#tab.opener = null;
    this.#tab.document.title = meanwhile;
    this.#tab.document.body.textContent = meanwhile;
  }

  /** show opens the start link; false when there is no tab, or nothing to open in it. */
  show(handoff: Schemas['Handoff']): boolean {
    if (!this.#tab || !handoff.startUrl) {
      this.drop();
      return false;
    }
    this.#tab.location.replace(handoff.startUrl);
    this.#tab = null;
    return true;
  }

  /** drop closes a tab that was not needed. */
  drop(): void {
    this.#tab?.close();
    this.#tab = null;
  }
}
