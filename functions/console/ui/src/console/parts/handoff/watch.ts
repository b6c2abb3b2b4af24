import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { problemOf } from '../../../api/problem.js';

const interval = 2000; // Between two questions, in milliseconds.

/**
 * Watch asks again and again while its element is shown, at once when the person
 * comes back to the page, until an answer ends it.
 */
export class Watch<T> implements ReactiveController {
  /** The last question found nobody to answer. */
  offline = false;
  #timer?: ReturnType<typeof setTimeout>;
  #run = 0;

  /** ask brings the state; seen says whether that was the last question. */
  constructor(private readonly host: ReactiveControllerHost, private readonly ask: () => Promise<T>, private readonly seen: (value: T) => boolean) {
    host.addController(this);
  }

  hostConnected(): void { document.addEventListener('visibilitychange', this.#visible); }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#visible);
    this.stop();
  }

  get running(): boolean { return this.#timer !== undefined; }

  start(): void {
    this.stop();
    this.#plan(interval);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#run++;
  }

  readonly #visible = () => { if (this.running && !document.hidden) this.#plan(0); };

  #plan(wait: number): void {
    clearTimeout(this.#timer);
    const run = ++this.#run;
    this.#timer = setTimeout(() => void this.#once(run), wait);
  }

  async #once(run: number): Promise<void> {
    let last = false;
    try {
      const value = await this.ask();
      if (run !== this.#run) return;
      this.offline = false;
      last = this.seen(value);
    } catch (thrown) {
      if (run !== this.#run) return;
      this.offline = problemOf(thrown).offline;
    }
    if (last) this.stop();
    else if (run === this.#run) this.#plan(interval);
    this.host.requestUpdate();
  }
}
