import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { problemOf, type Problem } from '../../../api/problem.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { moment, translator, word } from '../../../words/words.js';
import type { Context } from '../../context.js';
import type en from './en.js';

const t = translator<typeof en>();

type Delivery = Schemas['Delivery'];

/** WebhookDeliveries lists what was and is sent to an endpoint, page by page. */
@customElement('tenon-webhook-deliveries')
export class WebhookDeliveries extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) context!: Context;
  @property() endpoint = '';
  @state() private cursor?: string;
  @state() private working = false;
  @state() private trouble?: Problem;

  private readonly list = new Load<Delivery[]>(this, () => this.read());

  private async read(cursor?: string): Promise<Delivery[]> {
    const page = await ask(this.context.api.GET('/v1/webhook-endpoints/{webhookEndpointId}/deliveries', {
      params: { path: { webhookEndpointId: this.endpoint }, query: { limit: 20, cursor } },
    }));
    this.cursor = page.nextCursor;
    return page.items ?? [];
  }

  override render() {
    return html`<section class="card stack">
      <div class="head"><h2>${t('webhooks.deliveries')}</h2><button type="button" @click=${() => this.list.again()}>${t('webhooks.refresh')}</button></div>
      ${this.list.render((all) => (all.length ? this.table(all) : html`<p class="soft">${t('webhooks.deliveriesNone')}</p>`))}
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.cursor ? html`<div><button type="button" ?disabled=${this.working} @click=${() => this.more()}>${t('action.more')}</button></div>` : nothing}
    </section>`;
  }

  private table(all: Delivery[]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('webhooks.deliveries')}><table>
      <thead><tr><th scope="col">${t('webhooks.event')}</th><th scope="col">${t('webhooks.state')}</th><th scope="col">${t('webhooks.answer')}</th><th scope="col">${t('webhooks.attempts')}</th><th scope="col">${t('webhooks.when')}</th></tr></thead>
      <tbody>${all.map((d) => html`<tr>
        <th scope="row">${word('webhooks.event', d.type)}<br><code>${d.resource}</code></th>
        <td>${word('webhooks.delivery', d.state)}</td>
        <td>${d.outcome ? word('webhooks.outcome', d.outcome) : ''} ${d.statusCode ?? ''}</td>
        <td>${d.attempts}${d.nextAttemptAt ? html`<br><span class="soft small">${t('webhooks.next', { at: moment(d.nextAttemptAt) })}</span>` : nothing}</td>
        <td>${moment(d.createdAt)}</td>
      </tr>`)}</tbody></table></div>`;
  }

  private async more() {
    this.working = true;
    this.trouble = undefined;
    try {
      this.list.set([...(this.list.value ?? []), ...(await this.read(this.cursor))]);
    } catch (thrown) {
      this.trouble = problemOf(thrown);
    }
    this.working = false;
  }
}
