import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { flowList } from './flows.js';
import './move.js';

const t = translator<typeof en>();

/** ConnectionRemove deletes a connection, after it has said what stops or what stands in the way. */
@customElement('tenon-connection-remove')
export class ConnectionRemove extends Dialog {
  @state() private receipt?: Schemas['Deletion'];

  private readonly preview = new Load<Schemas['Impact']>(this, async () => (await this.end(true)).impact ?? { allowed: true });

  private end(dryRun: boolean) {
    const { connection: c } = this.shown;
    return ask(this.context.api.DELETE('/v1/connections/{connectionId}', { params: { path: { connectionId: c.id }, query: { dryRun }, header: { 'If-Match': tag(c) } } }));
  }

  protected override refresh() { if (!this.receipt) void this.preview.again(); }

  protected heading() { return this.receipt ? t('connection.removed') : t('connection.removeTitle', { name: this.shown.connection.name }); }

  protected body() {
    if (this.receipt) return this.ended(this.receipt);
    return html`${this.preview.render((impact) => (impact.allowed ? this.ask(impact) : this.refused(impact)))}`;
  }

  private ask(impact: Schemas['Impact']) {
    return html`<p>${t('connection.removeLead', { connector: this.shown.connector.name })}</p>
      ${impact.flows?.length ? html`<p>${t('connection.removeFlows')}</p>${flowList(this.context, impact.flows)}` : nothing}
      ${this.buttons(t('action.delete'), () => this.run(), 'danger')}`;
  }

  private refused(impact: Schemas['Impact']) {
    return html`<div class="note bad" role="alert"><p><strong>${t('connection.removeRefused')}</strong></p><p>${impact.detail}</p></div>
      ${flowList(this.context, impact.flows)}
      ${impact.flows?.length && this.context.may('flows:write') ? html`<h3>${t('connection.move')}</h3><p class="small soft">${t('connection.removeInstead')}</p>
        <tenon-connection-rebind .context=${this.context} .shown=${this.shown}></tenon-connection-rebind>` : nothing}
      <div class="bar"><button type="button" @click=${() => this.close()}>${t('action.close')}</button></div>`;
  }

  private ended(receipt: Schemas['Deletion']) {
    const { revocation } = receipt;
    return html`<div role="status" class="note ${revocation === 'failed' || revocation === 'not_supported' ? 'warn' : 'good'}">
        <p>${t('connection.receipt')}</p>${revocation ? html`<p>${t(`connection.revocation.${revocation}`)}</p>` : nothing}</div>
      <p class="small soft mono">${receipt.connectionId}</p>
      <div class="bar"><a class="button main" href="/console/connections">${t('connection.back')}</a></div>`;
  }

  private async run() {
    this.receipt = await this.act(() => this.end(false));
    if (this.receipt) this.dispatchEvent(new CustomEvent('removed'));
  }
}
