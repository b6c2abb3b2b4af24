import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Schemas } from '../api/schemas.js';
import { Problem } from '../api/problem.js';
import { controls } from '../look/controls.js';
import { Load } from '../parts/load.js';
import { mark } from '../parts/mark.js';
import { word } from '../words/words.js';
import { call, list, type Access } from './call.js';
import { Embedded } from './embedded.js';
import type { TenonConnectButton } from './connect-button.js';
import './connect-button.js';
import './status.js';
import type { Settings } from './settings.js';
import { t } from './words.js';

type Connection = Schemas['Connection'];

/** Card is one system, with what the person's organisation has connected there. */
interface Card {
  id: string;
  name: string;
  logo?: string;
  /** Another account can be connected. */
  offered: boolean;
  connections: Connection[];
}

const inner = 'button: button, message: message, link: link, cancel: cancel';

/**
 * TenonConnectors shows a card for each system that can be connected, or is: its
 * connections, how they are, and a button to connect or reconnect. The buttons'
 * events are fired by this element too.
 */
@customElement('tenon-connectors')
export class TenonConnectors extends Embedded {
  static override styles = [...controls, css`
    :host { color-scheme: inherit; }
    .title { display: flex; gap: 0.6rem; align-items: center; min-width: 0; }
    h2 { overflow-wrap: anywhere; }
    .another::part(button) { background: var(--card); border-color: var(--edge); color: var(--ink); }
  `];

  @property() mode: TenonConnectButton['mode'] = 'popup';
  @property({ attribute: 'end-user' }) endUser = '';
  @property({ attribute: 'return-url' }) returnUrl = '';
  @property({ attribute: false }) session?: Settings['session'];
  /** Which connection of a system is shown, where it is not the first. */
  @state() private chosen: Record<string, string> = {};

  @state() private said = '';

  private readonly shown = new Load<Card[] | undefined>(this, async () => {
    const access = this.access;
    return access && fetchCards(access);
  });

  protected override configured() { void this.shown.again(); }

  override updated(changed: PropertyValues) {
    // A function may be another one in every rendering of the page, and mean the same.
    if (changed.has('api') || (changed.has('token') && !changed.get('token'))) void this.shown.again();
  }

  override render() {
    return html`<div part="list">${this.shown.render((cards) => (cards?.length
      ? html`<ul class="cards">${cards.map((card) => html`<li class="card stack" part="card">${this.card(card)}</li>`)}</ul>`
      : html`<p class="empty" part="empty">${t('elements.none')}</p>`))}<p class="quiet" role="status">${this.said}</p></div>`;
  }

  private card(card: Card) {
    const shown = card.connections.find((c) => c.id === this.chosen[card.id]) ?? card.connections[0];
    return html`
      <div class="split"><div class="title">${mark(card.logo)}<h2 part="name" id=${`name-${card.id}`} tabindex="-1">${card.name}</h2></div>
        ${shown ? html`<tenon-status exportparts="badge: status" status=${shown.status}></tenon-status>` : html`<span class="soft small">${t('elements.notConnected')}</span>`}</div>
      ${shown ? this.connection(card, shown) : nothing}
      <div class="bar">
        ${shown && broken(shown) ? this.button(card, { connection: shown.id }, t('elements.reconnect')) : nothing}
        ${card.offered ? this.button(card, { connector: card.id }, shown ? t('elements.another') : t('elements.connect'), shown !== undefined) : nothing}
      </div>`;
  }

  private connection(card: Card, shown: Connection) {
    const several = html`<select part="select" aria-label=${t('elements.connection', { connector: card.name })}
      @change=${(e: Event) => (this.chosen = { ...this.chosen, [card.id]: (e.target as HTMLSelectElement).value })}>
      ${card.connections.map((c) => html`<option value=${c.id} .selected=${c.id === shown.id}>${c.name} (${word('environment', c.environment)})</option>`)}</select>`;
    return html`${card.connections.length > 1 ? several : html`<p part="connection">${shown.name}</p>`}
      ${shown.message ? html`<p class="small soft" part="message">${shown.message}</p>` : nothing}`;
  }

  private button(card: Card, wanted: { connection?: string; connector?: string }, text: string, quiet = false) {
    return html`<tenon-connect-button class=${quiet ? 'another' : ''} exportparts=${inner} api=${this.api} .token=${this.token} .session=${this.session} mode=${this.mode}
      end-user=${this.endUser} return-url=${this.returnUrl} connection=${wanted.connection ?? ''} connector=${wanted.connector ?? ''}
      @tenon-connected=${(e: Event) => this.connected(card, e.target as TenonConnectButton)}>${text}</tenon-connect-button>`;
  }

  /** The button is there for the next account; one that is not needed any more leaves the focus to its card. */
  private async connected(card: Card, button: TenonConnectButton) {
    const focused = this.shadowRoot!.activeElement === button;
    this.said = `${card.name}: ${t('elements.connected')}`;
    await this.shown.again();
    button.reset();
    await this.updateComplete;
    if (focused && !button.isConnected) this.shadowRoot!.getElementById(`name-${card.id}`)?.focus();
  }
}

const broken = (c: Connection) => c.status === 'pending' || c.remedy === 'reconnect';

/** fetchCards reads what is connected and what can be: templates that are there to be embedded, by system. */
async function fetchCards(access: Access): Promise<Card[]> {
  const [connections, templates, catalog] = await Promise.all([
    list<Connection>(access, '/v1/connections'),
    list<Schemas['Template']>(access, '/v1/templates').catch(permitted),
    call<{ items: Schemas['ConnectorCard'][] | null }>(access, '/v1/connectors'),
  ]);
  const offered = new Set(templates.filter((o) => o.embedded && o.credentials === 'customer' && o.suppliedBy === 'customer' && !o.missing?.length).map((o) => o.connector));
  const groups = Map.groupBy(connections, (c) => c.connector);
  const systems = new Map((catalog.items ?? []).map((c) => [c.id, c]));
  return [...new Set([...groups.keys(), ...offered])].map((id) => ({
    id, name: systems.get(id)?.name ?? id, logo: systems.get(id)?.logo, offered: offered.has(id), connections: groups.get(id) ?? [],
  })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Without templates:read what is connected is still shown. */
function permitted(thrown: unknown): Schemas['Template'][] {
  if (thrown instanceof Problem && thrown.status === 403) return [];
  throw thrown;
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-connectors': TenonConnectors }
}
