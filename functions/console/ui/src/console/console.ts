import { html, LitElement, nothing, ReactiveElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { all, ask, client, type Schemas } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { speak as speakElements } from '../elements/settings.js';
import '../parts/problem.js';
import { common } from '../words/common.js';
import en from '../words/en.js';
import { choose, chosen, know, type Language, languages, learn, preferred, translator } from '../words/words.js';
import type { Configuration, Context, Person } from './context.js';
import { find, type PageRoute, sections } from './routes.js';
import { shell } from './shell.js';
import { SignIn, SignInError } from './sign-in.js';

const t = translator();
know(en); // Whatever else cannot be loaded, there are words.

const remembered = 'tenon-language';
const reloaded = 'tenon-reloaded';

/** TenonConsole is the frame of every page: who is signed in, the navigation, and which page is shown. */
@customElement('tenon-console')
export class TenonConsole extends LitElement {
  static override styles = shell;

  @state() private phase: 'starting' | 'in' | 'ended' | 'out' | 'failed' = 'starting';
  @state() private shown?: { route: PageRoute; params: Record<string, string> };
  @state() private tenants: Schemas['Tenant'][] = [];
  @state() private acting = '';
  @state() private menu = false;
  @state() private said = '';
  @state() private offline = !navigator.onLine;
  @state() private visit = 0;
  /** The page of the address could not be loaded. */
  @state() private lost = false;
  /** Where the person wants to be, once signed in. */
  private wanted = '/console/connectors';
  private opening = 0;

  private readonly configuration = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name=tenon-configuration]')?.content ?? '{}') as Configuration;
  private readonly signIn = new SignIn(this.configuration);
  private api = this.apiFor('');
  private person?: Person;

  override connectedCallback() {
    super.connectedCallback();
    window.addEventListener('popstate', () => void this.open());
    window.addEventListener('online', () => { this.offline = false; if (this.lost) void this.open(); });
    window.addEventListener('offline', () => (this.offline = true));
    this.addEventListener('click', (e) => this.follow(e));
    void this.start();
  }

  private async start() {
    await this.speak((localStorage.getItem(remembered) as Language | null) ?? preferred()).catch(() => undefined); // English is there.
    const [path, query] = [location.pathname, new URLSearchParams(location.search)];
    if (!this.configuration.clientId) { this.phase = 'failed'; return; }
    if (path.endsWith('/signed-in')) history.replaceState(null, '', path); // The code is nobody's to find in the history.
    if (path.endsWith('/signed-out')) { this.phase = 'out'; return; }
    try {
      if (!path.endsWith('/signed-in')) return await this.signIn.begin(this.wanted = path + location.search);
      const { claims, path: wanted } = await this.signIn.finish(query);
      this.wanted = wanted;
      const session = await ask(this.api.PUT('/v1/browser-session'));
      this.person = { subject: session.subject ?? '', name: claims.name ?? claims.email ?? session.subject ?? '', home: session.tenant ?? '', scopes: session.scopes ?? [] };
      history.replaceState(null, '', wanted);
      this.phase = 'in';
      await this.open();
      if (!this.acting) await this.learnTenants();
    } catch (thrown) {
      if (thrown instanceof SignInError) this.wanted = thrown.path;
      if (thrown instanceof SignInError && thrown.asks) return this.begin(false);
      console.error(thrown instanceof Error ? thrown.message : 'sign-in failed');
      if (this.phase === 'starting') this.phase = 'failed';
    }
  }

  /** begin leaves for the issuer; when that gives no answer, the door says so. */
  private async begin(silently?: boolean) {
    await this.signIn.begin(this.wanted, silently).catch(() => (this.phase = 'failed'));
  }

  /** ended closes the page: the sign-in has ended, and the next one leads back here. */
  private ended() {
    if (this.phase !== 'in') return;
    this.wanted = location.pathname + location.search;
    this.phase = 'ended';
  }

  /** learnTenants reads whom a person of the organization may act for. */
  private async learnTenants() {
    if (!this.organization || !this.person?.scopes.includes('tenants:admin')) return;
    const tenants = await all((cursor) => ask(this.api.GET('/v1/tenants', { params: { query: { limit: 100, cursor } } })), 500);
    this.tenants = tenants.filter((o) => o.id !== this.person?.home);
  }

  /** token is that of the person; when it has ended and the issuer gives no other, the page says so. */
  private async token(): Promise<string> {
    try {
      return await this.signIn.token();
    } catch (thrown) {
      if (thrown instanceof SignInError) this.ended();
      throw thrown;
    }
  }

  private get organization(): boolean { return this.person?.home === 'org'; }

  private async speak(language: Language) {
    choose(language in languages ? language : 'en');
    document.documentElement.lang = chosen();
    await learn(common);
    if (this.shown) await learn(this.shown.route.words);
    await speakElements();
    this.requestUpdate();
    redraw(this.renderRoot);
  }

  /** open shows the page of the current address. */
  private async open() {
    const opening = ++this.opening;
    const found = find(location.pathname);
    try {
      if (found) await Promise.all([found.route.load(), learn(found.route.words)]);
    } catch {
      if (opening === this.opening) this.reload(); // Its file is gone: another version was deployed since this one was loaded.
      return;
    }
    if (opening !== this.opening) return; // The person is somewhere else by now.
    sessionStorage.removeItem(reloaded);
    this.lost = false;
    this.shown = found;
    this.actFor(this.organization ? (new URLSearchParams(location.search).get('tenant') ?? '') : '');
    if (this.acting && !this.tenants.some((o) => o.id === this.acting)) void this.learnTenants().catch(() => undefined); // The choice of tenants is for comfort.
    this.menu = false;
    this.visit++;
    document.title = `${found ? t(`nav.${found.route.section}`) : t('app.notFound')} – Tenon`;
    await this.updateComplete;
    window.scrollTo(0, 0);
    this.renderRoot.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }

  /** reload loads the current version, unless that was just tried; then the network is to blame. */
  private reload() {
    if (navigator.onLine && sessionStorage.getItem(reloaded) === null) {
      sessionStorage.setItem(reloaded, 'yes');
      return location.reload();
    }
    this.lost = true;
  }

  private go(path: string) {
    const url = new URL(path, location.origin);
    if (url.searchParams.get('tenant') === '') url.searchParams.delete('tenant'); // Whoever says none acts for nobody.
    else if (this.acting && !url.searchParams.has('tenant')) url.searchParams.set('tenant', this.acting);
    history.pushState(null, '', url.pathname + url.search);
    void this.open();
  }

  /** follow opens links to pages of ours without loading the document again. */
  private follow(e: MouseEvent) {
    const link = e.composedPath().find((n): n is HTMLAnchorElement => n instanceof HTMLAnchorElement);
    if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !link.pathname.startsWith('/console')) return;
    e.preventDefault();
    this.go(link.pathname + link.search);
  }

  private apiFor(tenant: string) {
    return client({ base: location.origin, token: () => this.token(), tenant: () => tenant || undefined, refused: () => this.ended() });
  }

  /** actFor gives the pages to come an API of their tenant. What one before them still sends stays with its own. */
  private actFor(tenant: string) {
    if (tenant !== this.acting) this.api = this.apiFor(tenant);
    this.acting = tenant;
  }

  private act(tenant: string) {
    const path = `${this.shown ? `/console/${this.shown.route.section}` : '/console/connectors'}?tenant=${encodeURIComponent(tenant)}`;
    if (window.dispatchEvent(new CustomEvent('tenon-leave', { cancelable: true, detail: path }))) this.go(path);
  }

  /** choose acts for the tenant that was chosen; the choice shows for whom that is, whatever the page answers. */
  private choose(select: HTMLSelectElement) {
    const tenant = select.value;
    select.value = this.acting;
    this.act(tenant);
  }

  private say(text: string) {
    this.said = text;
    setTimeout(() => { if (this.said === text) this.said = ''; }, 6000);
  }

  private context(person: Person): Context {
    return {
      api: this.api, configuration: this.configuration, person, tenant: this.acting || person.home,
      may: (scope) => person.scopes.includes(scope), go: (path) => this.go(path), say: (text) => this.say(text),
    };
  }

  override render() {
    if (this.phase === 'starting') return html`<div class="door" aria-busy="true"></div>`;
    if (this.phase !== 'in') return this.door();
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => { e.preventDefault(); this.renderRoot.querySelector<HTMLElement>('main')?.focus(); }}>${t('app.skip')}</a>
      ${this.header(this.person!)}
      <main id="main" tabindex="-1">
        ${this.offline ? html`<p class="note warn" role="status">${t('app.offline')}</p>` : nothing}
        ${this.acting ? html`<p class="note acting">${t('app.actingFor', { tenant: this.acting })}</p>` : nothing}
        ${this.page(this.person!)}
      </main>
      <div class="said" role="status" aria-live="polite">${this.said ? html`<p>${this.said}</p>` : nothing}</div>`;
  }

  private page(person: Person) {
    if (this.lost) return html`<tenon-problem retry .problem=${new Problem('offline', 0)} @retry=${() => this.open()}></tenon-problem>`;
    if (!this.shown) return html`<h1>${t('app.notFound')}</h1>`;
    const { route, params } = this.shown;
    const tag = unsafeStatic(route.tag); // One of the tags in routes.ts.
    return keyed(`${location.pathname} ${this.acting} ${this.visit}`, staticHtml`<${tag} .context=${this.context(person)} .params=${params}></${tag}>`);
  }

  private header(person: Person) {
    return html`<header>
      <a class="brand" href="/console/connectors">${logo}<span>${t('app.name')}</span><span class="chip">${this.configuration.stage}</span></a>
      <button class="menu" type="button" aria-expanded=${this.menu} aria-controls="side" @click=${() => (this.menu = !this.menu)}>${t('app.menu')}</button>
      <div id="side" class=${this.menu ? 'open' : ''}>
        <nav aria-label=${t('app.navigation')}>
          <ul>${sections.filter((s) => person.scopes.includes(s.scope) && (s.section !== 'organization' || this.organization)).map(({ section }) => html`<li>
            <a href="/console/${section}" aria-current=${this.shown?.route.section === section ? 'page' : nothing}>${t(`nav.${section}`)}</a></li>`)}</ul>
        </nav>
        <div class="who">
          ${this.tenants.length ? html`<label>${t('app.tenant')}
            <select @change=${(e: Event) => this.choose(e.target as HTMLSelectElement)}>
              <option value="" .selected=${!this.acting}>${t('app.organization')}</option>
              ${this.tenants.map((o) => html`<option value=${o.id} .selected=${o.id === this.acting}>${o.name}</option>`)}
            </select></label>` : nothing}
          <p><strong>${person.name}</strong><br><span class="soft small">${person.home}</span></p>
          ${this.language()}
          <button type="button" @click=${() => this.leave()}>${t('app.signOut')}</button>
        </div>
      </div>
    </header>`;
  }

  private language() {
    return html`<label>${t('app.language')}
      <select @change=${(e: Event) => { const l = (e.target as HTMLSelectElement).value as Language; localStorage.setItem(remembered, l); void this.speak(l).catch(() => this.say(t('problem.offline'))); }}>
        ${Object.entries(languages).map(([l, name]) => html`<option lang=${l} value=${l} .selected=${l === chosen()}>${name}</option>`)}
      </select></label>`;
  }

  private async leave() {
    this.phase = 'starting'; // What was shown is nobody's to come back to.
    await ask(this.api.DELETE('/v1/browser-session')).catch(() => undefined); // The cookie permits nothing, and ends by itself.
    await this.signIn.end().catch(() => (this.phase = 'out'));
  }

  /** door is what is shown to nobody in particular. */
  private door() {
    const text = !this.configuration.clientId ? t('app.noClient') : t(({ out: 'app.signedOut', ended: 'app.signInEnded' } as const)[this.phase as 'out' | 'ended'] ?? 'app.signInFailed');
    return html`<main class="door"><div class="card">
      ${logo}<h1>${t('app.name')}</h1><p>${t('app.signInLead')}</p>
      <p role="status" class=${this.phase === 'failed' ? 'note warn' : 'soft'}>${text}</p>
      ${this.configuration.clientId ? html`<button class="main" type="button" @click=${() => this.begin()}>${t('app.signIn')}</button>` : nothing}
      ${this.language()}
    </div></main>`;
  }
}

/** redraw draws everything below in other words; what was typed stays. */
function redraw(root: ParentNode) {
  for (const element of root.querySelectorAll('*')) {
    if (element instanceof ReactiveElement) element.requestUpdate();
    if (element.shadowRoot) redraw(element.shadowRoot);
  }
}

const logo = html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0b6b64" /><path d="M8 9h16v5h-5v9h-6v-9H8z" fill="#fff" /></svg>`;
