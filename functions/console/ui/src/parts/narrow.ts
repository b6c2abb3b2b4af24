import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Narrow follows whether there is no room for a table or a second column. */
export class Narrow implements ReactiveController {
  readonly #query = matchMedia('(max-width: 52rem)');
  readonly #changed = () => this.host.requestUpdate();

  constructor(private readonly host: ReactiveControllerHost) { host.addController(this); }

  get matches(): boolean { return this.#query.matches; }

  hostConnected(): void { this.#query.addEventListener('change', this.#changed); }

  hostDisconnected(): void { this.#query.removeEventListener('change', this.#changed); }
}
