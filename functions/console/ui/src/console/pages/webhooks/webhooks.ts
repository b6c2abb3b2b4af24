import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, once, type Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { focusWrong } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { tabsStyle } from '../../../parts/tabs.js';
import { plural, translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import { settingsTabs } from '../settings/tabs.js';
import { body, fields, type Typed } from './form.js';
import { secretShown } from './secret.js';
import { endpointState } from './state.js';
import type en from './en.js';

const t = translator<typeof en>();

type Endpoint = Schemas['WebhookEndpoint'];

/** PageWebhooks lists where events are sent, and makes new endpoints. */
@customElement('tenon-page-webhooks')
export class PageWebhooks extends Page {
  static override styles = [...controls, tabsStyle];

  @state() private adding?: Typed;
  @state() private secret = '';
  private key = once();

  private readonly list = new Load<Endpoint[]>(this, async () => (await ask(this.context.api.GET('/v1/webhook-endpoints'))).items ?? []);

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.secret = '';
  }

  override render() {
    const may = this.context.may('settings:write');
    return html`<div class="page">
      ${settingsTabs('/webhooks')}
      <div class="head">
        <div><h1>${t('webhooks.title')}</h1><p class="soft">${t('webhooks.lead')}</p></div>
        ${may && !this.adding ? html`<button class="main" type="button" @click=${() => this.begin()}>${t('webhooks.new')}</button>` : nothing}
      </div>
      ${this.secret ? secretShown(this.secret, undefined, () => (this.secret = '')) : nothing}
      ${this.adding ? this.form(this.adding) : nothing}
      ${this.list.render((endpoints) => (endpoints.length ? this.cards(endpoints) : html`<div class="empty"><h2>${t('webhooks.empty')}</h2><p class="soft">${t('webhooks.emptyLead')}</p></div>`))}
    </div>`;
  }

  private cards(endpoints: Endpoint[]) {
    return html`<ul class="stack">${endpoints.map((e) => html`<li class="card stack">
      <div class="split"><h2><a href="/console/settings/webhooks/${e.id}"><span class="mono">${e.url}</span></a></h2>${endpointState(e)}</div>
      <p class="small soft">${e.description ? html`${e.description}, ` : nothing}${e.events?.length ? plural('webhooks.count', e.events.length) : t('webhooks.eventsAll')}</p>
    </li>`)}</ul>`;
  }

  private form(f: Typed) {
    const set = (part: Partial<Typed>) => { this.adding = { ...f, ...part }; this.key = once(); };
    return html`<form class="card" novalidate @submit=${this.create}>
      <h2>${t('webhooks.new')}</h2>
      ${fields(f, this.context.tenant === 'org', this.trouble, set)}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working || (!f.every && !f.events.length)}>${this.working ? t('state.working') : t('webhooks.create')}</button>
        <button type="button" @click=${() => (this.adding = undefined)}>${t('action.cancel')}</button>
      </div>
    </form>`;
  }

  private async begin() {
    [this.adding, this.key, this.trouble, this.secret] = [{ url: '', description: '', every: true, events: [] }, once(), undefined, ''];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#url')?.focus();
  }

  private readonly create = async (e: Event) => {
    e.preventDefault();
    const made = await this.act(() => ask(this.context.api.POST('/v1/webhook-endpoints', { params: { header: { 'Idempotency-Key': this.key } }, body: body(this.adding!) })));
    if (!made) return focusWrong(this);
    this.adding = undefined;
    this.secret = made.secret ?? '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#secret-title')?.focus();
    await this.list.again();
  };
}
