import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, once, type Schemas } from '../../../api/client.js';
import { focusWrong, selectField, textField } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { Unsaved } from '../../../parts/unsaved.js';
import { translator } from '../../../words/words.js';
import { OrganizationPage } from '../organization/section.js';
import { client, general, inputs, scopes, secretId } from './fields.js';
import { blank, created, type Typed } from './form.js';
import type en from './en.js';

const t = translator<typeof en>();

/** PageTemplateNew configures a connector: first which, then how. */
@customElement('tenon-page-template-new')
export class PageTemplateNew extends OrganizationPage {
  protected override readonly tab = 'templates';
  @state() private connector?: Schemas['Connector'];
  @state() private form?: Typed;
  private key = once();
  private done = false;

  private readonly catalog = new Load<Schemas['ConnectorCard'][]>(this, async () => ((await ask(this.context.api.GET('/v1/connectors'))).items ?? []).sort((a, b) => a.name.localeCompare(b.name)));
  private readonly unsaved = new Unsaved(this, () => !this.done && !!this.form);

  private get scheme() { return this.connector?.authSchemes?.find((s) => s.id === this.form?.authScheme); }

  protected override draw() {
    return html`
      <div><h1>${t('templates.new')}</h1><p class="soft">${t('templates.newLead')}</p></div>
      ${this.catalog.render((cards) => html`<section class="card stack">
        ${selectField({ id: 'connector', label: t('templates.connector'), value: this.connector?.id ?? '', options: [['', t('templates.choose')], ...cards.map((c): [string, string] => [c.id, c.name])], change: (id) => this.choose(id) })}
        ${this.connector && this.form ? selectField({
          id: 'scheme', label: t('templates.scheme'), value: this.form.authScheme, wrong: this.trouble?.field('/authScheme'), change: (id) => this.restart(id),
          options: (this.connector.authSchemes ?? []).map((s) => [s.id, s.name]),
        }) : nothing}
      </section>`)}
      ${this.form ? this.rest(this.form) : html`<tenon-problem .problem=${this.trouble}></tenon-problem>`}
      ${this.unsaved.render()}`;
  }

  private rest(f: Typed) {
    const set = (part: Partial<Typed>) => { this.form = { ...this.form!, ...part }; this.key = once(); };
    return html`<form novalidate @submit=${this.create}>
      ${general(f, this.trouble, set)}
      <section class="card stack">${textField({ id: 'stable-key', label: t('templates.stableKey'), help: t('templates.stableKeyHelp'), value: f.stableKey, wrong: this.trouble?.field('/stableKey'), input: (stableKey) => set({ stableKey }) })}</section>
      ${inputs(f, this.scheme, this.trouble, set)} ${scopes(f, this.scheme, this.trouble, set)} ${client(f, this.scheme, undefined, this.trouble, set)}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar"><button class="main" type="submit" ?disabled=${this.working}>${this.working ? t('state.working') : t('templates.create')}</button></div>
    </form>`;
  }

  private async choose(id: string) {
    this.connector = this.form = undefined;
    if (!id) return;
    this.connector = await this.act(() => ask(this.context.api.GET('/v1/connectors/{connectorId}', { params: { path: { connectorId: id } } })));
    if (this.connector) this.restart(this.connector.authSchemes?.[0]?.id ?? '');
  }

  private restart(schemeId: string) {
    this.form = blank(this.connector!, this.connector!.authSchemes?.find((s) => s.id === schemeId));
    this.trouble = undefined;
  }

  /** taken is the secret that was typed; it is in the page no more. */
  private taken(): string {
    const field = this.renderRoot.querySelector<HTMLInputElement>(`#${secretId}`);
    const value = field?.value ?? '';
    if (field) field.value = '';
    return value;
  }

  private readonly create = async (e: Event) => {
    e.preventDefault();
    const body = created(this.form!, this.connector!.id, this.taken());
    const made = await this.act(() => ask(this.context.api.POST('/v1/templates', { params: { header: { 'Idempotency-Key': this.key } }, body })));
    if (!this.trouble?.undecided) this.key = once(); // The secret is no part of what tells one request from another.
    if (!made) return focusWrong(this);
    this.done = true;
    this.context.say(t('templates.created'));
    this.context.go(`/console/organization/templates/${made.id}`);
  };
}
