import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import { Load } from '../../../parts/load.js';
import { Watch } from '../../../parts/watch.js';
import { moment, translator, word } from '../../../words/words.js';
import { OrganizationPage } from './section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Provider = Schemas['Provider'];

/** PageIncidents shows the systems that are in trouble for all customers alike. */
@customElement('tenon-page-incidents')
export class PageIncidents extends OrganizationPage {
  protected override readonly tab = 'incidents';
  @state() private confirming?: Provider;
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;

  private readonly list = new Load<Provider[]>(this, async () => ((await ask(this.context.api.GET('/v1/providers'))).items ?? []).filter((p) => p.state));

  constructor() {
    super();
    new Watch(this, () => !this.confirming, () => this.list.again(), 30);
  }

  protected override draw() {
    return html`
      <div><h1>${t('organization.incidents')}</h1><p class="soft">${t('incidents.lead')}</p></div>
      ${this.list.render((providers) => (providers.length ? this.cards(providers) : html`<div class="empty"><h2>${t('incidents.empty')}</h2><p class="soft">${t('incidents.emptyLead')}</p></div>`))}
      ${this.confirming ? html`<tenon-confirm danger heading=${t('incidents.confirm')} .action=${t('incidents.confirm')} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.believe(this.confirming!)} @close=${() => (this.confirming = undefined)}>
        <p>${t('incidents.confirmText')}</p><p><code>${this.confirming.provider}</code></p></tenon-confirm>` : nothing}`;
  }

  private cards(providers: Provider[]) {
    return html`<ul class="stack">${providers.map((p) => html`<li class="card stack">
      <div class="split"><h2>${p.provider}</h2><span class="chip">${word('incidents.endpoint', p.endpoint)}</span></div>
      <p><strong>${word('incidents.state', p.state)}</strong></p>
      <p class="small soft">${p.since ? t('incidents.since', { at: moment(p.since) }) : ''} ${p.until ? t('incidents.until', { at: moment(p.until) }) : ''}</p>
      ${p.state === 'refusing' ? html`<div><button type="button" aria-label="${t('incidents.confirm')} ${p.provider}" @click=${() => { this.trouble = undefined; this.confirming = p; }}>${t('incidents.confirm')}</button></div>` : nothing}
    </li>`)}</ul>`;
  }

  private async believe(p: Provider) {
    const done = await this.act(async () => { await ask(this.context.api.POST('/v1/providers/confirm', { body: { provider: p.provider } })); return true; });
    if (!done) return;
    this.dialog?.close();
    this.context.say(t('incidents.confirmed'));
    await this.list.again();
  }
}
