import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import './account.js';
import './authorize.js';
import './credentials.js';
import './dependents.js';
import './details.js';
import './disable.js';
import './edit.js';
import './egress.js';
import type en from './en.js';
import './header.js';
import './history.js';
import './move.js';
import './remove.js';
import './replace.js';
import './scopes.js';
import { type Connection, type Opened, schemeOf, type Shown } from './section.js';
import './timeline.js';
import './version.js';

const t = translator<typeof en>();

/** PageConnection shows all there is to one connection, and what can be done about it. */
@customElement('tenon-page-connection')
export class PageConnection extends Page {
  static override styles = [...controls, css`
    .columns { display: grid; gap: var(--gap); align-items: start; }
    @media (min-width: 72rem) { .columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
  `];

  @state() private opened?: Opened;
  @state() private removed = false;

  private readonly load: Load<Shown> = new Load<Shown>(this, async () => {
    const connection = await ask(this.context.api.GET('/v1/connections/{connectionId}', { params: { path: { connectionId: this.params.id! } } }));
    const connector = this.load.value?.connector ?? await ask(this.context.api.GET('/v1/connectors/{connectorId}', { params: { path: { connectorId: connection.connector } } }));
    return { connection, connector };
  });

  override render() {
    return html`<div class="page" @tenon-open=${(e: CustomEvent<Opened>) => (this.opened = e.detail)} @tenon-changed=${(e: CustomEvent<Connection | undefined>) => this.take(e.detail)}>
      <p><a href="/console/connections">${t('connection.back')}</a></p>
      ${this.load.render((shown) => html`
        <tenon-connection-header .context=${this.context} .shown=${shown}></tenon-connection-header>
        <div class="columns">${this.facts(shown)}${this.surroundings(shown)}</div>
        ${this.opened ? this.dialog(this.opened, shown) : nothing}`)}
    </div>`;
  }

  private facts(shown: Shown) {
    const scopes = schemeOf(shown)?.scopes?.length || shown.connection.grantedScopes?.length;
    return html`<div class="stack">
      <tenon-connection-details .context=${this.context} .shown=${shown}></tenon-connection-details>
      <tenon-connection-credentials .context=${this.context} .shown=${shown}></tenon-connection-credentials>
      ${scopes ? html`<tenon-connection-scopes .context=${this.context} .shown=${shown}></tenon-connection-scopes>` : nothing}
    </div>`;
  }

  private surroundings(shown: Shown) {
    return html`<div class="stack">
      <tenon-connection-dependents .context=${this.context} .shown=${shown}></tenon-connection-dependents>
      <tenon-connection-timeline .context=${this.context} .shown=${shown}></tenon-connection-timeline>
      ${shown.connector.network === 'allowlist' ? html`<tenon-connection-egress .context=${this.context} .shown=${shown}></tenon-connection-egress>` : nothing}
      ${this.context.may('audit:read') ? html`<tenon-connection-history .context=${this.context} .shown=${shown}></tenon-connection-history>` : nothing}
    </div>`;
  }

  private dialog(opened: Opened, shown: Shown) {
    const shut = () => this.shut();
    switch (opened) {
      case 'reconnect':
      case 'scopes':
        return html`<tenon-connection-authorize .context=${this.context} .shown=${shown} ?scopes=${opened === 'scopes'} @close=${shut}></tenon-connection-authorize>`;
      case 'replace':
        return html`<tenon-connection-replace .context=${this.context} .shown=${shown} @close=${shut}></tenon-connection-replace>`;
      case 'edit':
        return html`<tenon-connection-edit .context=${this.context} .shown=${shown} @close=${shut}></tenon-connection-edit>`;
      case 'account':
        return html`<tenon-connection-account .context=${this.context} .shown=${shown} @close=${shut}></tenon-connection-account>`;
      case 'disable':
        return html`<tenon-connection-disable .context=${this.context} .shown=${shown} @close=${shut}></tenon-connection-disable>`;
      case 'move':
        return html`<tenon-connection-move .context=${this.context} .shown=${shown} @close=${shut}></tenon-connection-move>`;
      case 'remove':
        return html`<tenon-connection-remove .context=${this.context} .shown=${shown} @close=${shut} @removed=${() => (this.removed = true)}></tenon-connection-remove>`;
      default:
        return html`<tenon-connection-version .context=${this.context} .shown=${shown} does=${opened} @close=${shut}></tenon-connection-version>`;
    }
  }

  /** take shows the connection as a change left it, or reads it again. */
  private take(connection: Connection | undefined) {
    if (connection && this.load.value) this.load.set({ ...this.load.value, connection });
    else void this.load.again();
  }

  private shut() {
    this.opened = undefined;
    if (this.removed) this.context.go('/console/connections');
  }
}
