import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import { focusWrong } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { Unsaved } from '../../../parts/unsaved.js';
import { translator } from '../../../words/words.js';
import { OrganizationPage } from '../organization/section.js';
import { clientsOf } from './clients.js';
import { factsOf } from './facts.js';
import { client, general, inputs, scopes, secretId } from './fields.js';
import { changed, type Scheme, type Typed, typed } from './form.js';
import { impactOf } from './impact.js';
import './test.js';
import type en from './en.js';

const t = translator<typeof en>();

type Change = Schemas['TemplateUpdate'];

interface Shown {
  template: Schemas['Template'];
  scheme: Scheme | undefined;
}

/** PageTemplate shows and changes one template. What a change means is shown before it is made. */
@customElement('tenon-page-template')
export class PageTemplate extends OrganizationPage {
  protected override readonly tab = 'templates';
  @state() private form?: Typed;
  /** The change that is asked about, and what it would mean. */
  @state() private asked?: { change: Change; impact: Schemas['Impact'] };
  @state() private deleting = false;
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;

  /** Name of the system. */
  private connector = '';

  private get at() { return { path: { templateId: this.params.id! } }; }

  private readonly loaded = new Load<Shown>(this, async () => {
    const template = await ask(this.context.api.GET('/v1/templates/{templateId}', { params: this.at }));
    const connector = await ask(this.context.api.GET('/v1/connectors/{connectorId}', { params: { path: { connectorId: template.connector } } }));
    this.connector = connector.name;
    return this.take(template, connector.authSchemes?.find((s) => s.id === template.authScheme));
  });

  private readonly unsaved = new Unsaved(this, () => !!this.loaded.value && Object.keys(this.change(this.field?.value ?? '')).length > 0);

  private take(template: Schemas['Template'], scheme: Scheme | undefined): Shown {
    this.form = typed(template, scheme);
    this.trouble = undefined;
    return { template, scheme };
  }

  private get field() { return this.renderRoot.querySelector<HTMLInputElement>(`#${secretId}`); }

  private change(secret: string): Change { return changed(this.form!, this.loaded.value!.template, this.loaded.value!.scheme, secret); }

  protected override draw() {
    return html`${this.loaded.render((shown) => this.shown(shown))}${this.unsaved.render()}`;
  }

  private shown({ template: o, scheme }: Shown) {
    const f = this.form!;
    const set = (part: Partial<Typed>) => (this.form = { ...this.form!, ...part });
    return html`
      <div class="head"><div><h1>${o.name}</h1><p class="soft"><code>${o.id}</code></p></div>
        <button class="danger" type="button" @click=${() => { this.trouble = undefined; this.deleting = true; }}>${t('action.delete')}</button></div>
      ${factsOf(o, this.connector, scheme?.name)}
      <tenon-template-test .context=${this.context} .template=${o} .scheme=${scheme} @change=${() => this.retake()}></tenon-template-test>
      ${clientsOf(o.clients ?? [], () => this.preview({ dropPrevious: true }))}
      <form novalidate @submit=${(e: Event) => { e.preventDefault(); void this.preview(this.change(this.field?.value ?? '')); }}>
        ${general(f, this.trouble, set)} ${inputs(f, scheme, this.trouble, set)} ${scopes(f, scheme, this.trouble, set)} ${client(f, scheme, o, this.trouble, set)}
        ${this.asked || this.deleting ? nothing : html`<tenon-problem fields .problem=${this.trouble} @reload=${() => this.reload()}></tenon-problem>`}
        <div class="bar"><button class="main" type="submit" ?disabled=${this.working}>${this.working ? t('state.working') : t('templates.preview')}</button></div>
      </form>
      ${this.asked ? this.confirmation(this.asked) : nothing}
      ${this.deleting ? html`<tenon-confirm danger heading=${t('templates.deleteHeading', { name: o.name })} .action=${t('action.delete')} ?working=${this.working} .problem=${this.trouble}
        @confirm=${() => this.erase()} @close=${() => (this.deleting = false)} @reload=${() => this.reload()}><p>${t('templates.deleteText')}</p></tenon-confirm>` : nothing}`;
  }

  private confirmation({ change, impact }: { change: Change; impact: Schemas['Impact'] }) {
    const forced = change.dropPrevious && !impact.allowed && impact.code === 'client_in_use';
    return html`<tenon-confirm heading=${change.dropPrevious ? t('templates.drop') : t('templates.impact')} ?danger=${change.dropPrevious} ?refused=${!impact.allowed && !forced}
      .action=${forced ? t('templates.force') : change.dropPrevious ? t('templates.drop') : t('action.save')} ?working=${this.working} .problem=${this.trouble}
      @confirm=${() => this.apply(forced ? { ...change, force: true } : change)} @close=${() => this.closed()} @reload=${() => this.reload()}>
      <div class="stack">${change.dropPrevious ? html`<p>${t('templates.dropText')}</p>` : nothing}${impactOf(impact)}${forced ? html`<p>${t('templates.forceText')}</p>` : nothing}</div>
    </tenon-confirm>`;
  }

  private patch(change: Change, dryRun: boolean) {
    return ask(this.context.api.PATCH('/v1/templates/{templateId}', { params: { ...this.at, query: { dryRun }, header: { 'If-Match': tag(this.loaded.value!.template) } }, body: change }));
  }

  /** preview asks what the change would mean. */
  private async preview(change: Change) {
    if (!Object.keys(change).length) return this.context.say(t('templates.nothing'));
    const would = await this.act(() => this.patch(change, true));
    if (!would) {
      this.forget();
      return focusWrong(this);
    }
    this.asked = { change, impact: would.impact ?? { allowed: true } };
  }

  private async apply(change: Change) {
    const saved = await this.act(() => this.patch(change, false));
    this.forget();
    this.dialog?.close();
    if (!saved) return focusWrong(this);
    this.loaded.set(this.take(saved, this.loaded.value!.scheme));
    this.context.say(t('state.saved'));
  }

  /** closed forgets what was asked about, with the secret in it. */
  private closed() {
    this.asked = undefined;
    this.forget();
  }

  private forget() { if (this.field) this.field.value = ''; }

  /** retake reads which connection serves test runs now; what is typed stays, and the revision it is typed to. */
  private async retake() {
    const template = await this.act(() => ask(this.context.api.GET('/v1/templates/{templateId}', { params: this.at })));
    if (template) this.loaded.set({ ...this.loaded.value!, template: { ...this.loaded.value!.template, testCredential: template.testCredential } });
  }

  private reload() {
    this.forget();
    this.dialog?.close();
    void this.loaded.again();
  }

  private async erase() {
    const path = '/v1/templates/{templateId}';
    const done = await this.act(async () => { await ask(this.context.api.DELETE(path, { params: { ...this.at, header: { 'If-Match': tag(this.loaded.value!.template) } } })); return true; });
    if (!done) return;
    this.form = typed(this.loaded.value!.template, this.loaded.value!.scheme);
    this.forget();
    this.context.say(t('templates.deleted'));
    this.context.go('/console/organization/templates');
  }
}
