import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { ask, tag } from '../../../api/client.js';
import '../../../elements/status.js';
import '../../../parts/dialog.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import { choices } from './choices.js';
import { type Binding, type Candidate, type Directory, type Flow, readCandidates } from './directory.js';
import type en from './en.js';
import { slotName } from './reasons.js';
import { slotStyles } from './styles.js';

const t = translator<typeof en>();

/**
 * FlowSlot is one side or step of a flow: its connection, with a list to switch to
 * another. It fires "changed" with the flow that a switch brought, and "reload"
 * when somebody else changed the flow.
 */
@customElement('tenon-flow-slot')
export class FlowSlot extends Page {
  static override styles = slotStyles;

  @property({ attribute: false }) flow!: Flow;
  @property({ attribute: false }) binding!: Binding;
  @property({ attribute: false }) directory!: Directory;
  @state() private open = false;
  @state() private search = '';
  /** What a person chose and has to confirm, as the flow is active. */
  @state() private wanted?: Candidate;
  @query('#switch') private readonly button!: HTMLButtonElement;

  /** The names of shared connections stand in the candidates alone. */
  private readonly candidates = new Load<Candidate[] | null>(this, async () =>
    (this.open || this.binding.organization ? readCandidates(this.context, this.flow.flowId, this.binding.slot) : null));

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.outside);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.outside);
  }

  protected override updated(changed: PropertyValues<this>) {
    if (changed.has('flow') && changed.get('flow') && this.open) void this.candidates.again();
  }

  private readonly outside = (e: Event) => { if (this.open && !e.composedPath().includes(this)) this.open = false; };

  private toggle() {
    this.open = !this.open;
    this.search = '';
    if (this.open) void this.candidates.again();
  }

  private close() {
    this.open = false;
    this.button?.focus();
  }

  private name(id: string | undefined): string {
    if (!id) return t('flows.nothing');
    return this.directory.connections.get(id)?.name ?? this.candidates.value?.find((c) => c.connectionId === id)?.name ?? t(this.binding.status ? 'flows.unnamed' : 'flows.gone');
  }

  private choose(to: Candidate | undefined) {
    this.close();
    if ((to?.connectionId ?? '') === (this.binding.connectionId ?? '')) return;
    if (to && this.flow.state === 'active') this.wanted = to;
    else void this.bind(to);
  }

  private async bind(to: Candidate | undefined) {
    this.wanted = undefined;
    const { flowId, name } = this.flow;
    const changed = await this.act(() => ask(this.context.api.PUT('/v1/flows/{flowId}/bindings/{slot}', {
      params: { path: { flowId, slot: this.binding.slot }, header: { 'If-Match': tag(this.flow) } }, body: { connectionId: to?.connectionId ?? '' },
    })));
    if (!changed) return;
    const said = { flow: name, slot: slotName(this.binding.slot), connection: to?.name ?? '' };
    this.context.say(to ? t('flows.switched', said) : t('flows.emptied', said));
    this.dispatchEvent(new CustomEvent('changed', { detail: changed }));
  }

  private reload() {
    this.trouble = undefined;
    this.dispatchEvent(new CustomEvent('reload'));
  }

  override render() {
    const b = this.binding;
    const connector = this.directory.connectors.get(b.connector);
    return html`<section class="slot" aria-label="${slotName(b.slot)}: ${this.name(b.connectionId)}">
      <p class="small soft label">${slotName(b.slot)}</p>
      <div class="bar who">${mark(connector?.logo)}<span>${connector?.name ?? b.connector}</span></div>
      ${this.context.may('flows:write') ? this.dropdown() : html`<p class="shown">${this.name(b.connectionId)}</p>`}
      <div class="split foot">
        ${b.connectionId ? html`<tenon-status status=${b.status ?? ''}></tenon-status>` : html`<span class="small soft">${t('flows.unbound')}</span>`}
        ${this.link()}
      </div>
      ${this.working ? html`<p class="small" role="status">${t('state.working')}</p>` : nothing}
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble} @reload=${() => this.reload()}></tenon-problem>` : nothing}
      ${this.wanted ? this.question(this.wanted) : nothing}
    </section>`;
  }

  /** An empty slot invites to connect; a tenant's own connection has a page. */
  private link() {
    const { connectionId, connector, organization, status } = this.binding;
    if (connectionId && status) return organization ? html`<span class="small soft">${t('flows.shared')}</span>` : html`<a class="small" href="/console/connections/${connectionId}" aria-label="${t('action.manage')}: ${this.name(connectionId)}">${t('action.manage')}</a>`;
    return this.context.may('connections:write') ? html`<a class="button main" href="/console/add/${connector}" aria-label="${t('action.connect')}: ${slotName(this.binding.slot)}">${t('action.connect')}</a>` : nothing;
  }

  private dropdown() {
    const { slot, connectionId } = this.binding;
    return html`<div class="dropdown" @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape' && this.open) { e.stopPropagation(); this.close(); } }}
      @focusout=${(e: FocusEvent) => { if (e.relatedTarget && !this.renderRoot.contains(e.relatedTarget as Node)) this.open = false; }}>
      <button id="switch" type="button" aria-expanded=${this.open} aria-controls="list" ?disabled=${this.working} @click=${() => this.toggle()}>
        <span><span class="quiet">${t('flows.choose', { slot: slotName(slot) })}: </span>${this.name(connectionId)}</span><span aria-hidden="true">▾</span>
      </button>
      <div id="list" role="group" aria-label=${t('flows.choose', { slot: slotName(slot) })} ?hidden=${!this.open}>${this.open ? this.list() : nothing}</div>
    </div>`;
  }

  private list() {
    return this.candidates.render((found) => (found ? choices({
      found, search: this.search, binding: this.binding, paused: this.flow.state === 'paused', connect: this.context.may('connections:write'),
      choose: (c) => this.choose(c), look: (text) => (this.search = text),
    }) : nothing));
  }

  private question(to: Candidate) {
    const said = { flow: this.flow.name, slot: slotName(this.binding.slot), from: this.name(this.binding.connectionId), to: to.name };
    return html`<tenon-dialog heading=${t('flows.ask', said)} @close=${() => (this.wanted = undefined)}>
      <div class="stack"><p>${t('flows.askLead', said)}</p>
        <div class="bar"><button class="main" type="button" @click=${() => this.bind(to)}>${t('flows.askYes')}</button>
          <button type="button" @click=${() => (this.wanted = undefined)}>${t('action.cancel')}</button></div></div>
    </tenon-dialog>`;
  }
}
