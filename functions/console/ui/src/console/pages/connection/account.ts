import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { type Problem, problemOf } from '../../../api/problem.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { flowList } from './flows.js';

const t = translator<typeof en>();

/** ConnectionAccount chooses, or switches, the account that the credential is used for. */
@customElement('tenon-connection-account')
export class ConnectionAccount extends Dialog {
  @state() private chosen = '';
  /** What the choice means for flows, or why it is refused; the account was verified for it. */
  @state() private impact?: Schemas['Impact'];
  @state() private refusal?: Problem;
  @state() private checking = false;

  private readonly accounts = new Load<Schemas['ListedAccount'][]>(this, async () => {
    const { items } = await ask(this.context.api.GET('/v1/connections/{connectionId}/accounts', { params: { path: { connectionId: this.shown.connection.id } } }));
    return items ?? [];
  });

  protected heading() { return this.shown.connection.account ? t('connection.switchAccount') : t('connection.chooseAccount'); }

  protected body() {
    return html`${this.accounts.render((accounts) => html`
      <fieldset class="stack"><legend>${t('connection.accountsReached')}</legend>${accounts.map((a) => html`<label class="check">
        <input type="radio" name="account" value=${a.id} .checked=${(this.chosen || this.selected(accounts)) === a.id} @change=${() => this.choose(a.id)} />
        <span>${a.name ?? a.id}${a.selected ? html` <span class="chip">${t('connection.accountNow')}</span>` : nothing}<br>
          <span class="small soft">${[a.kind, a.environment, a.url].filter(Boolean).join(' · ')}</span></span></label>`)}</fieldset>
      <div role="status" class="stack">${this.checking ? html`<p class="soft">${t('connection.checking')}</p>` : this.consequence()}</div>
      ${this.refusal ? html`<tenon-problem .problem=${this.refusal} @reload=${() => this.changed()}></tenon-problem>` : nothing}
      ${this.buttons(t('connection.useAccount'), () => this.save(), 'main', !this.impact?.allowed || this.checking)}`)}`;
  }

  private selected(accounts: Schemas['ListedAccount'][]) { return accounts.find((a) => a.selected)?.id; }

  private consequence() {
    if (!this.impact) return nothing;
    if (!this.impact.allowed) return html`<p class="note bad">${this.impact.detail}</p>${flowList(this.context, this.impact.flows)}`;
    if (!this.impact.flows?.length) return html`<p class="soft">${t('connection.accountNoFlows')}</p>`;
    return html`<p class="note warn">${t('connection.accountFlows')}</p>${flowList(this.context, this.impact.flows)}`;
  }

  private put(dryRun: boolean) {
    const { connection: c } = this.shown;
    return ask(this.context.api.PUT('/v1/connections/{connectionId}/account', {
      params: { path: { connectionId: c.id }, query: { dryRun }, header: { 'If-Match': tag(c) } }, body: { accountId: this.chosen, allowAccountChange: true },
    }));
  }

  private async choose(id: string) {
    [this.chosen, this.impact, this.refusal, this.checking] = [id, undefined, undefined, true];
    try {
      const { impact } = await this.put(true);
      if (this.chosen === id) this.impact = impact ?? { allowed: true };
    } catch (thrown) {
      if (this.chosen === id) this.refusal = problemOf(thrown);
    }
    if (this.chosen === id) this.checking = false;
  }

  private async save() {
    const saved = await this.act(() => this.put(false));
    if (saved) this.finish(saved, t('connection.accountChosen'));
  }
}
