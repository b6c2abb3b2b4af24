import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Poll looks again every few seconds while something is under way and the page is seen. */
export class Poll implements ReactiveController {
  private timer = 0;

  constructor(host: ReactiveControllerHost, private readonly underWay: () => boolean, private readonly look: () => Promise<unknown>, private readonly seconds = 5) {
    host.addController(this);
  }

  hostConnected(): void {
    this.timer = window.setInterval(() => { if (!document.hidden && this.underWay()) void this.look(); }, this.seconds * 1000);
  }

  hostDisconnected(): void { window.clearInterval(this.timer); }
}
