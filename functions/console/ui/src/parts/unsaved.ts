import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { translator } from '../words/words.js';
import './confirm.js';

const t = translator();

/** Guarded is the page that has something to lose. */
interface Guarded extends ReactiveControllerHost {
  context: { go(path: string): void };
}

/**
 * Unsaved asks before a page is left whose changes are not saved: by a link, by
 * going back, by acting for another tenant (tenon-leave {path}), and, in the browser's own words, by closing the window.
 */
export class Unsaved implements ReactiveController {
  private target?: string;
  private here = '';

  constructor(private readonly host: Guarded, private readonly dirty: () => boolean) {
    host.addController(this);
  }

  hostConnected(): void {
    this.here = location.pathname + location.search;
    window.addEventListener('beforeunload', this.unload);
    window.addEventListener('click', this.click, true);
    window.addEventListener('popstate', this.back, true);
    window.addEventListener('tenon-leave', this.left);
  }

  hostDisconnected(): void {
    window.removeEventListener('beforeunload', this.unload);
    window.removeEventListener('click', this.click, true);
    window.removeEventListener('popstate', this.back, true);
    window.removeEventListener('tenon-leave', this.left);
  }

  private readonly unload = (e: BeforeUnloadEvent) => { if (this.dirty()) e.preventDefault(); };

  private readonly click = (e: MouseEvent) => {
    if (!this.dirty() || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey) return;
    const link = e.composedPath().find((n): n is HTMLAnchorElement => n instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !link.pathname.startsWith('/console')) return;
    e.preventDefault();
    e.stopPropagation();
    this.ask(link.pathname + link.search);
  };

  private readonly back = (e: PopStateEvent) => {
    if (!this.dirty()) return;
    const target = location.pathname + location.search;
    e.stopImmediatePropagation();
    history.pushState(null, '', this.here);
    this.ask(target);
  };

  private readonly left = (e: Event) => {
    if (!this.dirty()) return;
    e.preventDefault();
    this.ask((e as CustomEvent<string>).detail);
  };

  private ask(target: string | undefined) {
    this.target = target;
    this.host.requestUpdate();
  }

  private leave() {
    const target = this.target!;
    this.ask(undefined);
    this.host.context.go(target);
  }

  render(): TemplateResult | typeof nothing {
    if (this.target === undefined) return nothing;
    return html`<tenon-confirm danger heading=${t('unsaved.heading')} .action=${t('unsaved.leave')} @confirm=${() => this.leave()} @close=${() => this.ask(undefined)}>
      <p>${t('unsaved.text')}</p>
    </tenon-confirm>`;
  }
}
