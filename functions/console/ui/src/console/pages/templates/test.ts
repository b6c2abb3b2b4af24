import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../elements/status.js';
import { field, focusWrong, selectField, textField } from '../../../parts/field.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import type { Scheme } from './form.js';
import type en from './en.js';

const t = translator<typeof en>();

type Input = Schemas['Input'];

/** TemplateTest gives a template the connection that serves its test runs. It fires "change". */
@customElement('tenon-template-test')
export class TemplateTest extends Page {
  @property({ attribute: false }) template!: Schemas['Template'];
  @property({ attribute: false }) scheme?: Scheme;
  @state() private open = false;
  @state() private inputs: Record<string, string> = {};

  /** What the template leaves open is asked when the connection is made. */
  private get asked(): Input[] {
    return this.template.testCredential ? [] : (this.scheme?.inputs ?? []).filter((i) => !(i.name in (this.template.inputs ?? {})));
  }

  override render() {
    const has = this.template.testCredential;
    const secrets = this.scheme?.fields ?? [];
    return html`<section class="card stack">
      <h2>${t('templates.test')}</h2>
      <p class="soft">${has ? t('templates.testLead') : t('templates.testNone')}</p>
      ${has ? html`<div class="bar"><tenon-status status=${has.status}></tenon-status><a href="/console/connections/${has.connectionId}">${t('templates.testShow')}</a></div>` : nothing}
      ${this.open ? this.form(secrets) : has && !secrets.length ? nothing : html`<div><button type="button" @click=${() => (this.open = true)}>${has ? t('templates.testReplace') : t('templates.testNew')}</button></div>`}
    </section>`;
  }

  private form(secrets: Input[]) {
    const input = (i: Input) => {
      const common = { id: `input-${i.name}`, label: i.title, help: i.help, optional: i.optional, value: this.inputs[i.name] ?? i.default ?? '', wrong: this.trouble?.field(`/inputs/${i.name}`) };
      const set = (value: string) => (this.inputs = { ...this.inputs, [i.name]: value });
      return i.enum?.length ? selectField({ ...common, options: ['', ...i.enum].map((e) => [e, e]), change: set }) : textField({ ...common, input: set });
    };
    return html`<form novalidate @submit=${this.save}>
      ${this.asked.map(input)} ${secrets.map((i) => this.secret(i))}
      ${secrets.length ? nothing : html`<p>${t('templates.testConsent')}</p>`}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working}>${this.working ? t('state.working') : t('action.connect')}</button>
        <button type="button" @click=${() => (this.open = false)}>${t('action.cancel')}</button>
      </div>
    </form>`;
  }

  /** secret draws a member of the credential; its value is in the control alone. */
  private secret(i: Input) {
    const wrong = this.trouble?.field(`/credential/${i.name}`);
    return field({ id: `secret-${i.name}`, label: i.title, help: i.help, optional: i.optional, wrong }, (d) => (i.enum?.length
      ? html`<select id="secret-${i.name}" name=${i.name} aria-describedby=${d.by} aria-invalid=${d.invalid}>${i.enum.map((e) => html`<option>${e}</option>`)}</select>`
      : html`<input id="secret-${i.name}" name=${i.name} type=${i.type === 'file' ? 'file' : i.secret ? 'password' : 'text'} autocomplete="off" spellcheck="false" aria-describedby=${d.by} aria-invalid=${d.invalid} />`));
  }

  /** taken are the members that were typed; they are in the page no more. */
  private async taken(): Promise<Record<string, string>> {
    const members: Record<string, string> = {};
    for (const control of this.renderRoot.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[id^="secret-"][name]')) {
      const file = control instanceof HTMLInputElement ? control.files?.[0] : undefined;
      const value = file ? await file.text() : control.value;
      if (value) members[control.name] = value;
      if (control instanceof HTMLInputElement) control.value = '';
    }
    return members;
  }

  private readonly save = async (e: Event) => {
    e.preventDefault();
    const at = { path: { templateId: this.template.id } };
    const has = this.template.testCredential;
    const made = await this.act(async () => {
      const credential = await this.taken();
      const header = has ? { 'If-Match': tag(await ask(this.context.api.GET('/v1/connections/{connectionId}', { params: { path: { connectionId: has.connectionId } } }))) } : {};
      const inputs = Object.fromEntries(this.asked.map((i) => [i.name, this.inputs[i.name] ?? i.default ?? '']).filter(([, value]) => value));
      const body = { ...(has ? {} : { inputs }), ...(Object.keys(credential).length ? { credential } : {}) };
      return ask(this.context.api.PUT('/v1/templates/{templateId}/test-credentials', { params: { ...at, header }, body }));
    });
    if (!made) return focusWrong(this);
    this.open = false;
    this.dispatchEvent(new CustomEvent('change'));
  };
}
