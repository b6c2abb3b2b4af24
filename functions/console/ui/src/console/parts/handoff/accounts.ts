import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { type Problem, problemOf } from '../../../api/problem.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import '../../../parts/problem.js';
import { Worded } from '../../../parts/worded.js';
import { translator } from '../../../words/words.js';
import type { Context } from '../../context.js';
import type en from './en.js';
import { words } from './words.js';

const t = translator<typeof en>();

type Account = Schemas['ListedAccount'];

/**
 * TenonAccountChoice has a person choose one of the accounts that the credential of
 * a connection reaches. It fires tenon-account-chosen {connection}.
 */
@customElement('tenon-account-choice')
export class TenonAccountChoice extends Worded {
  static override styles = [...controls, css`fieldset { border: 0; margin: 0; padding: 0; } legend { font-weight: 600; margin-bottom: 0.75rem; padding: 0; }`];

  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) connection!: Schemas['Connection'];
  @state() private chosen = '';
  @state() private trouble?: Problem;
  @state() private working = false;

  protected override readonly dictionary = words;
  private readonly accounts = new Load<Account[]>(this, async () => {
    const listed = await ask(this.context.api.GET('/v1/connections/{connectionId}/accounts', { params: this.params }));
    return listed.items ?? [];
  });

  private get params() { return { path: { connectionId: this.connection.id } }; }

  private async choose(e: Event) {
    e.preventDefault();
    if (this.working || !this.chosen) return;
    this.working = true;
    this.trouble = undefined;
    try {
      const connection = await ask(this.context.api.PUT('/v1/connections/{connectionId}/account', {
        params: { ...this.params, header: { 'If-Match': tag(this.connection) } }, body: { accountId: this.chosen },
      }));
      this.dispatchEvent(new CustomEvent('tenon-account-chosen', { detail: { connection } }));
    } catch (thrown) {
      this.trouble = problemOf(thrown);
    }
    this.working = false;
  }

  /** refresh takes the connection as it is now; somebody else has changed it. */
  private async refresh() {
    this.connection = await ask(this.context.api.GET('/v1/connections/{connectionId}', { params: this.params }));
    this.trouble = undefined;
    await this.accounts.again();
  }

  override render() {
    if (!this.spoken) return nothing;
    return this.accounts.render((accounts) => html`<form @submit=${(e: Event) => this.choose(e)}>
      <fieldset>
        <legend>${t('accounts.choose')}</legend>
        <div class="stack">${accounts.map((a) => this.account(a))}</div>
      </fieldset>
      ${this.trouble ? html`<tenon-problem .problem=${this.trouble} @reload=${() => this.refresh()}></tenon-problem>` : nothing}
      <div><button class="main" type="submit" ?disabled=${this.working || !this.chosen}>${t('accounts.use')}</button></div>
    </form>`);
  }

  private account(a: Account) {
    const facts = [a.kind, a.environment, a.url ?? a.id].filter(Boolean).join(' · ');
    return html`<label class="check"><input type="radio" name="account" value=${a.id} .checked=${this.chosen === a.id} @change=${() => (this.chosen = a.id)} />
      <span>${a.name ?? a.id}<br><span class="small soft">${facts}</span></span></label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-account-choice': TenonAccountChoice }
}
