import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { Problem, problemOf } from '../api/problem.js';
import { controls } from '../look/controls.js';
import { focused, refocus } from '../parts/focus.js';
import type { Context } from './context.js';

/** Page is the base of every page: it has the context and the parameters of its path. */
export abstract class Page extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) params: Record<string, string> = {};
  /** What the last change of the person met with. */
  @property({ attribute: false }) trouble?: Problem;
  /** A change is under way; its button is disabled. */
  @property({ attribute: false }) working = false;

  constructor() {
    super();
    this.addController({ hostUpdated: () => this.entitle() });
  }

  /** entitle names the window after the page, so that windows, and steps back, can be told apart. */
  private entitle() {
    const name = this.renderRoot.querySelector('h1')?.textContent?.replace(/\s+/g, ' ').trim();
    if (name && this.isConnected) document.title = `${name} – Tenon`;
  }

  /** act makes a change: one at a time, with what went wrong in trouble. */
  protected async act<T>(change: () => Promise<T>): Promise<T | undefined> {
    if (this.working) return undefined;
    const before = focused(); // A button that is disabled loses the focus.
    this.working = true;
    this.trouble = undefined;
    try {
      return await change();
    } catch (thrown) {
      this.trouble = problemOf(thrown);
      return undefined;
    } finally {
      this.working = false;
      void this.updateComplete.then(() => setTimeout(() => refocus(before)));
    }
  }
}
