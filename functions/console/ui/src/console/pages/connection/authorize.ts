import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import '../../parts/handoff/handoff.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { flowList } from './flows.js';
import type { Connection } from './section.js';

const t = translator<typeof en>();

/** ConnectionAuthorize asks for consent at the system again, for more scopes where scopes is set. */
@customElement('tenon-connection-authorize')
export class ConnectionAuthorize extends Dialog {
  @property({ type: Boolean }) scopes = false;
  @state() private wanted: string[] = [];
  @state() private another = false;
  private known?: Schemas['ConnectionScopes'];

  /** What would be asked for; nothing is started by asking. */
  private readonly preview = new Load<Schemas['Handoff']>(this, async () => {
    if (this.scopes && !this.known) {
      this.known = await ask(this.context.api.GET('/v1/connections/{connectionId}/scopes', { params: this.at }));
      this.wanted = this.known.missing ?? [];
    }
    return ask(this.context.api.POST('/v1/connections/{connectionId}/authorize', { params: { ...this.at, query: { dryRun: true } }, body: this.request }));
  });

  private get at() { return { path: { connectionId: this.shown.connection.id } }; }

  private get request(): Schemas['Authorize'] {
    return { ...(this.wanted.length ? { scopes: this.wanted } : {}), ...(this.another ? { allowAccountChange: true } : {}) };
  }

  protected heading() { return this.scopes ? t('connection.askScopes') : t('connection.reconnect', { connector: this.shown.connector.name }); }

  protected body() {
    const { connection: c, connector } = this.shown;
    return html`<p>${c.credential ? t('connection.reconnectLead', { connector: connector.name }) : t('connection.connectLead', { connector: connector.name })}</p>
      ${this.preview.render((found) => html`
        ${this.scopes ? this.choices() : nothing}
        ${this.found(found)}
        ${c.account ? html`<label class="check"><input type="checkbox" .checked=${this.another} @change=${(e: Event) => this.choose(this.wanted, (e.target as HTMLInputElement).checked)} />
          <span>${t('connection.anotherAccount', { account: c.account.name ?? c.account.id })}<br><span class="small soft">${t('connection.anotherAccountHelp')}</span></span></label>` : nothing}
        ${found.impact?.allowed ? html`<tenon-handoff .context=${this.context} .connection=${c} .body=${this.request} system=${connector.name}
          @tenon-connected=${(e: CustomEvent<{ connection: Connection }>) => this.finish(e.detail.connection, t('connection.reconnected'))}
          @tenon-failed=${() => this.changed()} @tenon-cancelled=${() => this.close()}></tenon-handoff>` : nothing}`)}`;
  }

  private choices() {
    const offered = (this.known?.available ?? []).filter((s) => !this.known?.granted?.includes(s.name));
    if (!offered.length) return html`<p class="soft">${t('connection.scopesAll')}</p>`;
    return html`<fieldset class="stack"><legend>${t('connection.scopesChoose')}</legend>${offered.map((s) => html`<label class="check">
      <input type="checkbox" .checked=${this.wanted.includes(s.name)} @change=${(e: Event) => this.toggle(s.name, (e.target as HTMLInputElement).checked)} />
      <span><code>${s.name}</code>${s.description ? html`<br><span class="small soft">${s.description}</span>` : nothing}</span></label>`)}</fieldset>`;
  }

  private toggle(name: string, on: boolean) { this.choose(on ? [...this.wanted, name] : this.wanted.filter((w) => w !== name), this.another); }

  private choose(wanted: string[], another: boolean) {
    this.wanted = wanted;
    this.another = another;
    void this.preview.again();
  }

  private found({ impact, scopes }: Schemas['Handoff']) {
    return html`
      ${scopes?.requested?.length ? html`<p class="small">${t('connection.willAsk')} ${scopes.requested.map((s) => html`<span class="chip">${s}</span> `)}</p>` : nothing}
      ${scopes?.added?.length ? html`<p class="small"><strong>${t('connection.willAdd')}</strong> ${scopes.added.join(', ')}</p>` : nothing}
      ${scopes?.removed?.length ? html`<p class="small"><strong>${t('connection.willRemove')}</strong> ${scopes.removed.join(', ')}</p>` : nothing}
      ${impact && !impact.allowed ? html`<div class="note bad" role="alert"><p>${impact.detail}</p>${flowList(this.context, impact.flows)}</div>` : nothing}`;
  }
}
