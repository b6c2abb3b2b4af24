import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ask, tag } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import { type Directory, type Flow, readFlow } from './directory.js';
import type en from './en.js';
import { readiness, stateChip } from './reasons.js';
import { drawSides } from './sides.js';
import { flowStyles } from './styles.js';

const t = translator<typeof en>();

/** setState pauses or activates a flow, and returns what became of it. */
export async function setState(page: Pick<Page, 'context'>, flow: Flow): Promise<Flow> {
  const { flowId } = flow;
  const state = flow.state === 'active' ? 'paused' : 'active';
  const changed = await ask(page.context.api.PATCH('/v1/flows/{flowId}', { params: { path: { flowId }, header: { 'If-Match': tag(flow) } }, body: { state } }));
  page.context.say(t(state === 'active' ? 'flows.activated' : 'flows.paused', { flow: flow.name }));
  return changed;
}

/** FlowCard is one flow of the list. How its connections are it fetches itself. */
@customElement('tenon-flow-card')
export class FlowCard extends Page {
  static override styles = flowStyles;

  @property({ attribute: false }) listed!: Flow;
  @property({ attribute: false }) directory!: Directory;

  private readonly flow = new Load<Flow>(this, () => readFlow(this.context, this.listed.flowId));

  private async toggle(flow: Flow) {
    const changed = await this.act(() => setState(this, flow));
    if (changed) this.flow.set(changed);
  }

  private reload() {
    this.trouble = undefined;
    void this.flow.again();
  }

  override render() {
    return html`<article class="card stack" aria-label=${this.listed.name}>${this.flow.render((flow) => this.card(flow))}</article>`;
  }

  private card(flow: Flow) {
    return html`<div class="head">
        <div class="bar"><h2><a href="/console/flows/${flow.flowId}">${flow.name}</a></h2>${stateChip(flow)}</div>
        ${this.context.may('flows:write') ? html`<button type="button" ?disabled=${this.working} aria-label="${t(flow.state === 'active' ? 'flows.pause' : 'flows.activate')}: ${flow.name}"
          @click=${() => this.toggle(flow)}>${t(flow.state === 'active' ? 'flows.pause' : 'flows.activate')}</button>` : nothing}
      </div>
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble} @reload=${() => this.reload()}></tenon-problem>` : nothing}
      ${drawSides({ context: this.context, flow, directory: this.directory, changed: (f) => { this.trouble = undefined; this.flow.set(f); }, reload: () => this.reload() })}
      ${readiness(flow)}`;
  }
}
