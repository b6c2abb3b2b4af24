import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { Problem, problemOf } from '../api/problem.js';
import { translator } from '../words/words.js';
import './problem.js';

const t = translator();

/**
 * Load fetches what a part of the page shows, and draws the states on the way:
 * waiting, a problem with a way to try again, and what was fetched. What is there
 * already stays while it is fetched again.
 */
export class Load<T> implements ReactiveController {
  value?: T;
  problem?: Problem;
  busy = false;
  #run = 0;

  constructor(private readonly host: ReactiveControllerHost, private readonly fetch: () => Promise<T>) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('online', this.#online);
    void this.again();
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#online);
    this.#run++;
  }

  readonly #online = () => { if (this.problem?.offline) void this.again(); };

  /** again fetches once more; the answer to an older question is dropped. */
  async again(): Promise<void> {
    const run = ++this.#run;
    this.busy = true;
    this.host.requestUpdate();
    try {
      const value = await this.fetch();
      if (run !== this.#run) return;
      this.value = value;
      this.problem = undefined;
    } catch (thrown) {
      if (run !== this.#run) return;
      this.problem = problemOf(thrown);
    }
    this.busy = false;
    this.host.requestUpdate();
  }

  /** set shows what an answer to a change brought. */
  set(value: T): void {
    this.value = value;
    this.problem = undefined;
    this.host.requestUpdate();
  }

  render(ready: (value: T) => TemplateResult | typeof nothing): TemplateResult {
    const problem = this.problem ? html`<tenon-problem .problem=${this.problem} retry @retry=${() => this.again()}></tenon-problem>` : nothing;
    if (this.value !== undefined) return html`${problem}${ready(this.value)}`;
    if (this.problem) return html`${problem}`;
    return html`<div class="wait"></div><p class="quiet" role="status">${t('state.loading')}</p>`;
  }
}
