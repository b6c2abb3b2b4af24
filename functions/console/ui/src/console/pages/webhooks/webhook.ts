import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import { focusWrong } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { tabsStyle } from '../../../parts/tabs.js';
import { Unsaved } from '../../../parts/unsaved.js';
import { moment, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import { settingsTabs } from '../settings/tabs.js';
import './deliveries.js';
import { body, fields, type Typed } from './form.js';
import { secretShown } from './secret.js';
import { endpointNote, endpointState } from './state.js';
import type en from './en.js';

const t = translator<typeof en>();

type Endpoint = Schemas['WebhookEndpoint'];

function typed(e: Endpoint): Typed {
  return { url: e.url, description: e.description ?? '', every: !e.events?.length, events: e.events ?? [] };
}

/** PageWebhook shows one endpoint: what is sent to it, and how that went. */
@customElement('tenon-page-webhook')
export class PageWebhook extends Page {
  static override styles = [...controls, tabsStyle];

  @state() private form?: Typed;
  @state() private secret = '';
  @state() private tested?: Schemas['WebhookTested'];
  @state() private asking?: 'rotate' | 'delete';
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;

  private get at() { return { path: { webhookEndpointId: this.params.id! } }; }

  private readonly loaded = new Load<Endpoint>(this, async () => {
    const read = await ask(this.context.api.GET('/v1/webhook-endpoints/{webhookEndpointId}', { params: this.at }));
    this.form = typed(read);
    this.trouble = undefined;
    return read;
  });

  private readonly unsaved = new Unsaved(this, () => !!this.form && JSON.stringify(this.form) !== JSON.stringify(typed(this.loaded.value!)));

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.secret = '';
  }

  override render() {
    return html`<div class="page">
      ${settingsTabs('/webhooks')}
      ${this.loaded.value ? nothing : html`<h1>${t('webhooks.one')}</h1>`}
      ${this.loaded.render((e) => this.draw(e, this.context.may('settings:write')))}
      ${this.unsaved.render()}
    </div>`;
  }

  private draw(e: Endpoint, may: boolean) {
    return html`
      <div class="head"><div><h1>${e.url}</h1><p class="soft">${e.description || t('webhooks.one')}</p></div>${endpointState(e)}</div>
      ${endpointNote(e)}
      ${this.secret ? secretShown(this.secret, e.previousSecretUntil, () => (this.secret = '')) : e.previousSecretUntil ? html`<p class="note">${t('webhooks.previous', { until: moment(e.previousSecretUntil) })}</p>` : nothing}
      ${may ? this.actions(e) : nothing}
      ${may ? html`<form class="card" novalidate @submit=${this.save}>
        <h2>${t('webhooks.edit')}</h2>
        ${fields(this.form!, this.context.tenant === 'org', this.trouble, (part) => (this.form = { ...this.form!, ...part }))}
        ${this.asking ? nothing : html`<tenon-problem fields .problem=${this.trouble} @reload=${() => this.loaded.again()}></tenon-problem>`}
        <div><button class="main" type="submit" ?disabled=${this.working || (!this.form!.every && !this.form!.events.length)}>${t('action.save')}</button></div>
      </form>` : nothing}
      <tenon-webhook-deliveries .context=${this.context} endpoint=${e.id}></tenon-webhook-deliveries>
      ${this.asking === 'rotate' ? html`<tenon-confirm heading=${t('webhooks.rotate')} .action=${t('webhooks.rotate')} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.rotate(e)} @close=${() => (this.asking = undefined)} @reload=${() => this.reload()}><p>${t('webhooks.rotateText')}</p></tenon-confirm>` : nothing}
      ${this.asking === 'delete' ? html`<tenon-confirm danger heading=${t('webhooks.delete')} .action=${t('action.delete')} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.erase(e)} @close=${() => (this.asking = undefined)} @reload=${() => this.reload()}><p>${t('webhooks.deleteText')}</p><p class="mono">${e.url}</p></tenon-confirm>` : nothing}`;
  }

  private actions(e: Endpoint) {
    const open = (what: 'rotate' | 'delete') => { this.trouble = undefined; this.asking = what; };
    return html`<div class="bar">
      <button type="button" ?disabled=${this.working} @click=${() => this.test()}>${t('webhooks.test')}</button>
      <button type="button" ?disabled=${this.working} @click=${() => this.enable(e)}>${e.enabled ? t('webhooks.disable') : t('webhooks.enable')}</button>
      <button type="button" @click=${() => open('rotate')}>${t('webhooks.rotate')}</button>
      <button type="button" class="danger" @click=${() => open('delete')}>${t('action.delete')}</button>
    </div>
    <div role="status">${this.tested ? html`<p class="note ${this.tested.outcome === 'delivered' ? 'good' : 'bad'}">${t('webhooks.tested', { ms: this.tested.durationMs })} ${word('webhooks.outcome', this.tested.outcome)} ${this.tested.statusCode ?? ''}</p>` : nothing}</div>`;
  }

  private async change(e: Endpoint, change: Schemas['WebhookEndpointUpdate']) {
    const saved = await this.act(() => ask(this.context.api.PATCH('/v1/webhook-endpoints/{webhookEndpointId}', { params: { ...this.at, header: { 'If-Match': tag(e) } }, body: change })));
    if (saved) this.loaded.set(saved);
    return saved;
  }

  private readonly save = async (event: Event) => {
    event.preventDefault();
    const saved = await this.change(this.loaded.value!, body(this.form!));
    if (!saved) return focusWrong(this);
    this.form = typed(saved);
    this.context.say(t('state.saved'));
  };

  private async enable(e: Endpoint) {
    if (await this.change(e, { enabled: !e.enabled })) this.context.say(t('state.saved'));
  }

  private async test() {
    this.tested = undefined;
    this.tested = await this.act(() => ask(this.context.api.POST('/v1/webhook-endpoints/{webhookEndpointId}/test', { params: this.at })));
  }

  private async rotate(e: Endpoint) {
    const rotated = await this.act(() => ask(this.context.api.POST('/v1/webhook-endpoints/{webhookEndpointId}/rotate', { params: { ...this.at, header: { 'If-Match': tag(e) } } })));
    if (!rotated) return;
    const { secret, ...rest } = rotated;
    this.dialog?.close();
    this.loaded.set(rest);
    this.secret = secret ?? '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#secret-title')?.focus();
  }

  private async erase(e: Endpoint) {
    const done = await this.act(async () => { await ask(this.context.api.DELETE('/v1/webhook-endpoints/{webhookEndpointId}', { params: { ...this.at, header: { 'If-Match': tag(e) } } })); return true; });
    if (!done) return;
    this.form = typed(e);
    this.context.say(t('webhooks.deleted'));
    this.context.go('/console/settings/webhooks');
  }

  private reload() {
    this.dialog?.close();
    void this.loaded.again();
  }
}
