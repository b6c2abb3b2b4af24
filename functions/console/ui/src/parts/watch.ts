import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { poll } from './poll.js';

/** Watch looks again every few seconds while something is under way, and its element and the page are seen. */
export class Watch implements ReactiveController {
  #left?: AbortController;

  constructor(host: ReactiveControllerHost, private readonly underWay: () => boolean, private readonly look: () => Promise<unknown>, private readonly seconds = 5) {
    host.addController(this);
  }

  hostConnected(): void {
    const [pause, left] = [this.seconds * 1000, (this.#left = new AbortController())];
    void poll(async () => {
      if (this.underWay()) await this.look();
      return false;
    }, { first: pause, most: pause }, left.signal);
  }

  hostDisconnected(): void { this.#left?.abort(); }
}
