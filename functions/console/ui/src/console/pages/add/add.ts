import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { Problem } from '../../../api/problem.js';
import '../../../elements/schema-form.js';
import type { Entered } from '../../../elements/schema-form.js';
import { controls } from '../../../look/controls.js';
import { Load } from '../../../parts/load.js';
import { mark } from '../../../parts/mark.js';
import { translator } from '../../../words/words.js';
import { inherited, signsIn, usable } from '../../parts/connecting.js';
import '../../parts/handoff/handoff.js';
import { HandoffTab } from '../../parts/handoff/tab.js';
import { Page } from '../../page.js';
import { Creation } from './create.js';
import type en from './en.js';
import { advice, nameFields, naming, progress, type Step, templateChoice } from './form.js';
import './result.js';

const t = translator<typeof en>();

type Connection = Schemas['Connection'];
type Template = Schemas['Template'];

interface Offer {
  connector: Schemas['Connector'];
  templates: Template[];
}

/** PageAdd brings a person from the choice of a system to a connection that works, on one page. */
@customElement('tenon-page-add')
export class PageAdd extends Page {
  static override styles = [...controls, css`
    .narrow { max-width: 42rem; display: grid; gap: 1.5rem; }
    .progress { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
    .progress li { display: flex; gap: 0.5rem; align-items: center; color: var(--soft); }
    .progress li[aria-current] { color: var(--ink); font-weight: 650; }
    .progress .number { width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; background: var(--raised); font-size: 0.875rem; }
    .progress li[aria-current] .number, .progress .done .number { background: var(--accent); color: var(--accent-ink); }
    fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 0.6rem; }
    legend { font-weight: 550; font-size: 0.95rem; padding: 0; margin-bottom: 0.6rem; }
  `];

  @state() private step: Step = 'details';
  @state() private chosen = new URLSearchParams(location.search).get('template') ?? '';
  @state() private connection?: Connection;
  @state() private handoff?: Schemas['Handoff'];
  @state() private opened = false;
  private readonly creation = new Creation();

  private readonly offer = new Load<Offer>(this, async () => {
    const connectorId = this.params.connector!;
    const [connector, templates] = await Promise.all([
      ask(this.context.api.GET('/v1/connectors/{connectorId}', { params: { path: { connectorId } } })),
      all((cursor) => ask(this.context.api.GET('/v1/templates', { params: { query: { connector: connectorId, limit: 100, cursor } } }))),
    ]);
    return { connector, templates: templates.filter((x) => usable(x, this.context.tenant)) };
  });

  private template({ templates }: Offer): Template { return templates.find((x) => x.id === this.chosen) ?? templates[0]!; }

  private scheme(offer: Offer) { return offer.connector.authSchemes?.find((s) => s.id === this.template(offer).authScheme); }

  /** submit makes the connection, and opens the system's page within the click where there is one. */
  private async submit(offer: Offer, { inputs, credential }: Entered) {
    const scheme = this.scheme(offer)!;
    const body: Schemas['ConnectionCreate'] = { templateId: this.template(offer).id, inputs, ...naming(this.renderRoot) };
    if (Object.keys(credential).length) body.credential = credential;
    const signing = signsIn(scheme);
    const tab = body.name && signing && scheme.type !== 'oauth2_device_code' ? new HandoffTab(t('add.opening', { system: offer.connector.name })) : undefined;
    const made = await this.act(async () => {
      if (!body.name) throw new Problem('validation_failed', 400, { detail: t('add.nameNeeded'), errors: [{ pointer: '/name', detail: t('add.nameNeeded') }] });
      this.step = signing ? 'handoff' : 'check';
      const connection = await this.creation.make(this.context, body);
      return { connection, handoff: signing && !connection.connected ? await this.authorize(connection) : undefined };
    });
    if (!made) {
      tab?.drop();
      this.step = 'details';
      return;
    }
    this.opened = made.handoff ? (tab?.show(made.handoff) ?? false) : false;
    if (!made.handoff) tab?.drop();
    [this.connection, this.handoff] = [made.connection, made.handoff];
    if (made.handoff) await this.focusOn('#handoff');
    else this.finish(made.connection);
  }

  private authorize({ id }: Connection): Promise<Schemas['Handoff']> {
    return ask(this.context.api.POST('/v1/connections/{connectionId}/authorize', { params: { path: { connectionId: id } }, body: {} }));
  }

  private finish(connection: Connection) {
    [this.step, this.connection, this.handoff] = ['done', connection, undefined];
    if (connection.status === 'active') this.context.say(t('add.connected', { name: connection.name }));
    void this.focusOn('#result');
  }

  private async cancel() {
    [this.step, this.handoff, this.connection] = ['details', undefined, undefined];
    await this.creation.giveUp(this.context);
    await this.focusOn('#form');
  }

  private async focusOn(selector: string) {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  override render() {
    const offer = this.offer.value;
    const scheme = offer?.templates.length ? this.scheme(offer) : undefined;
    return html`<div class="page">
      <p><a href="/console/catalog">${t('nav.catalog')}</a></p>
      <div class="bar">${mark(offer?.connector.logo)}<h1>${t('add.title', { system: offer?.connector.name ?? '' })}</h1></div>
      ${scheme ? progress(this.step, signsIn(scheme)) : nothing}
      ${this.offer.render((o) => (o.templates.length && this.context.may('connections:write') ? this.steps(o) : this.nothingToUse(o)))}
    </div>`;
  }

  private nothingToUse({ connector, templates }: Offer) {
    return html`<div class="empty"><h2>${templates.length ? t('add.viewer') : t('add.noTemplate')}</h2>
      <a class="button" href="/console/catalog/${connector.id}">${t('add.toEntry', { system: connector.name })}</a></div>`;
  }

  private steps(offer: Offer) {
    const { connector } = offer;
    return html`<div class="narrow">
      <div id="form" tabindex="-1" ?hidden=${this.step === 'done' || !!this.handoff}>${this.form(offer)}</div>
      ${this.handoff ? html`<div id="handoff" class="card" tabindex="-1"><tenon-handoff .context=${this.context} .connection=${this.connection!} .handoff=${this.handoff} ?opened=${this.opened} system=${connector.name}
        @tenon-connected=${(e: CustomEvent<{ connection: Connection }>) => this.finish(e.detail.connection)} @tenon-cancelled=${() => this.cancel()}></tenon-handoff></div>` : nothing}
      ${this.step === 'done' ? html`<tenon-add-result id="result" tabindex="-1" .context=${this.context} .connection=${this.connection!} @tenon-account-chosen=${(e: CustomEvent<{ connection: Connection }>) => this.finish(e.detail.connection)}></tenon-add-result>` : nothing}
    </div>`;
  }

  private form(offer: Offer) {
    const scheme = this.scheme(offer);
    const template = this.template(offer);
    if (!scheme) return nothing;
    const label = signsIn(scheme) ? t('add.continue', { system: offer.connector.name }) : t('action.connect');
    return html`
      ${this.trouble ? html`<div class="stack"><tenon-problem .problem=${this.trouble} fields></tenon-problem>${advice(this.trouble)}</div><br />` : nothing}
      <tenon-schema-form ?credential=${!signsIn(scheme)} .scheme=${scheme} .hide=${inherited(template)} .errors=${this.trouble} ?working=${this.working} label=${label}
        @tenon-submit=${(e: CustomEvent<Entered>) => this.submit(offer, e.detail)}>
        ${templateChoice(offer, template, this.working, (id) => this.choose(id))}
        ${nameFields(offer.connector.name, this.trouble, this.working)}
        <span slot="actions" class="soft small" role="status">${this.working ? t(signsIn(scheme) ? 'state.working' : 'add.checking', { system: offer.connector.name }) : ''}</span>
      </tenon-schema-form>`;
  }

  private choose(id: string) {
    this.chosen = id;
    this.trouble = undefined;
    const url = new URL(location.href);
    url.searchParams.set('template', id);
    history.replaceState(null, '', url);
  }
}
