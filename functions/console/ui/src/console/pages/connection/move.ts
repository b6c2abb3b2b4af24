import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { type Problem, problemOf } from '../../../api/problem.js';
import { Load } from '../../../parts/load.js';
import '../../../parts/problem.js';
import { plural, translator, word } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { flowList, flowName } from './flows.js';
import { type Connection, Section } from './section.js';

const t = translator<typeof en>();

/**
 * ConnectionRebind moves the flows that use the connection to another one of the
 * same system. It fires "moved" when none is left.
 */
@customElement('tenon-connection-rebind')
export class ConnectionRebind extends Section {
  @state() private to = '';
  /** What would be moved, or which flows refuse. */
  @state() private impact?: Schemas['Impact'];
  @state() private refusal?: Problem;
  @state() private remaining = 0;
  @state() private left: string[] = [];

  private readonly others = new Load<Connection[]>(this, async () => {
    const { id, connector } = this.shown.connection;
    const found = await all((cursor) => ask(this.context.api.GET('/v1/connections', { params: { query: { connector, limit: 100, cursor } } })), 500);
    return found.filter((c) => c.id !== id && c.status !== 'disabled' && !c.testCredential);
  });

  override render() {
    return this.others.render((others) => (others.length ? html`<div class="stack">
      <label>${t('connection.moveTo')}
        <select @change=${(e: Event) => this.choose((e.target as HTMLSelectElement).value)}>
          <option value="" .selected=${!this.to}>${t('connection.moveChoose')}</option>
          ${others.map((c) => html`<option value=${c.id} .selected=${c.id === this.to}>${c.name} (${word('environment', c.environment)}, ${word('status', c.status)})</option>`)}
        </select></label>
      <div role="status" class="stack">${this.preview()}${this.progress()}</div>
      ${this.refusal ? html`<tenon-problem .problem=${this.refusal}></tenon-problem>` : nothing}
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble}></tenon-problem>` : nothing}
      <div class="bar"><button class="main" type="button" ?disabled=${this.working || !this.impact?.allowed} @click=${() => this.move()}>${this.working ? t('state.working') : t('connection.moveFlows')}</button></div>
    </div>` : html`<p>${t('connection.moveNowhere')} <a href="/console/add/${this.shown.connection.connector}">${t('action.add')}</a></p>`));
  }

  private preview() {
    if (!this.impact) return nothing;
    return this.impact.allowed ? html`<p>${t('connection.moveFits')}</p>${flowList(this.context, this.impact.flows)}`
      : html`<p class="note bad">${this.impact.detail}</p>${flowList(this.context, this.impact.flows)}`;
  }

  private progress() {
    if (this.left.length) return html`<p class="note warn">${t('connection.moveLeft')} ${this.left.map((flowId, i) => html`${i ? ', ' : ''}${flowName(this.context, { flowId })}`)}</p>`;
    return this.working && this.remaining ? html`<p class="soft">${plural('connection.moveRemaining', this.remaining)}</p>` : nothing;
  }

  private rebind(dryRun: boolean) {
    return ask(this.context.api.POST('/v1/connections/{connectionId}/rebind', { params: { path: { connectionId: this.shown.connection.id }, query: { dryRun } }, body: { to: this.to } }));
  }

  private async choose(to: string) {
    [this.to, this.impact, this.refusal, this.left] = [to, undefined, undefined, []];
    if (!to) return;
    try {
      const { impact } = await this.rebind(true);
      if (this.to === to) this.impact = impact;
    } catch (thrown) {
      if (this.to === to) this.refusal = problemOf(thrown);
    }
  }

  /** move goes on where the request before stopped, until no flow is left that can be moved. */
  private async move() {
    const done = await this.act(async () => {
      for (;;) {
        const answer = await this.rebind(false);
        [this.remaining, this.left] = [answer.remaining, answer.left ?? []];
        if (answer.complete || !answer.moved?.length) return answer;
      }
    });
    if (!done?.complete) return;
    this.context.say(t('connection.moved'));
    this.changed();
    this.dispatchEvent(new CustomEvent('moved'));
  }
}

/** ConnectionMove is the dialog for it. */
@customElement('tenon-connection-move')
export class ConnectionMove extends Dialog {
  protected heading() { return t('connection.move'); }

  protected body() {
    return html`<p>${t('connection.moveLead')}</p><tenon-connection-rebind .context=${this.context} .shown=${this.shown} @moved=${() => this.close()}></tenon-connection-rebind>`;
  }
}
