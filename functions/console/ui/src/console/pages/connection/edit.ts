import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../elements/schema-form.js';
import type { Entered } from '../../../elements/schema-form.js';
import { translator } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { schemeOf } from './section.js';

const t = translator<typeof en>();

/** ConnectionEdit changes the name, the labels and the inputs. */
@customElement('tenon-connection-edit')
export class ConnectionEdit extends Dialog {
  /** Names of the inputs that the template gives: they are changed there. */
  @state() private given: string[] = [];
  @state() private labelWrong = '';
  @query('#name') private readonly name!: HTMLInputElement;
  @query('#labels') private readonly labels!: HTMLTextAreaElement;

  override connectedCallback() {
    super.connectedCallback();
    void this.readTemplate();
  }

  private async readTemplate() {
    if (!this.context.may('templates:read') || !schemeOf(this.shown)?.inputs?.length) return;
    try {
      const template = await ask(this.context.api.GET('/v1/templates/{templateId}', { params: { path: { templateId: this.shown.connection.templateId } } }));
      this.given = (template.fields ?? []).filter((f) => f.from === 'global').map((f) => f.name);
    } catch { /* The API says which inputs are not the connection's. */ }
  }

  protected heading() { return t('connection.edit'); }

  protected body() {
    const { connection: c } = this.shown;
    // Of another version of the connection nothing that was typed is kept.
    return html`${this.wrong(true)}${keyed(c.revision, html`
      <tenon-schema-form .scheme=${schemeOf(this.shown)} .values=${c.inputs ?? {}} .hide=${this.given} .errors=${this.trouble} ?working=${this.working} label=${t('action.save')}
        @tenon-submit=${(e: CustomEvent<Entered>) => this.save(e.detail.inputs)}>
        ${this.nameField(c.name)}${this.labelsField(c.labels)}
        ${this.asksInputs ? html`<p class="small soft">${t('connection.inputsWarning')}</p>` : nothing}
        <button slot="actions" type="button" @click=${() => this.close()}>${t('action.cancel')}</button>
      </tenon-schema-form>`)}`;
  }

  private nameField(name: string) {
    const wrong = this.trouble?.field('/name');
    return html`<div class="field"><label for="name">${t('connection.name')}</label>
      <input id="name" .value=${name} maxlength="120" autocomplete="off" aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${wrong ? 'name-wrong' : nothing} />
      ${wrong ? html`<p id="name-wrong" class="wrong">${wrong}</p>` : nothing}</div>`;
  }

  private labelsField(labels: Record<string, string> | undefined) {
    const wrong = this.labelWrong || this.trouble?.document?.errors?.find((e) => e.pointer.startsWith('/labels'))?.detail;
    return html`<div class="field"><label for="labels">${t('connection.labels')} <span class="soft">(${t('field.optional')})</span></label>
      <textarea id="labels" spellcheck="false" rows="3" .value=${write(labels)} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="labels-help${wrong ? ' labels-wrong' : ''}"></textarea>
      <p id="labels-help" class="help">${t('connection.labelsHelp')}</p>${wrong ? html`<p id="labels-wrong" class="wrong">${wrong}</p>` : nothing}</div>`;
  }

  private get asksInputs(): boolean { return (schemeOf(this.shown)?.inputs ?? []).some((i) => !this.given.includes(i.name)); }

  private async save(inputs: Record<string, string>) {
    const { connection: c } = this.shown;
    const labels = read(this.labels.value);
    this.labelWrong = labels ? '' : t('connection.labelsWrong');
    if (!labels) return;
    const body: Schemas['ConnectionUpdate'] = { name: this.name.value };
    if (write(labels) !== write(c.labels)) body.labels = labels;
    if (this.asksInputs) body.inputs = inputs;
    const saved = await this.act(() => ask(this.context.api.PATCH('/v1/connections/{connectionId}', { params: { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } }, body })));
    if (saved) this.finish(saved, t('state.saved'));
  }
}

/** write puts one label on a line. */
function write(labels: Record<string, string> | undefined): string {
  return Object.entries(labels ?? {}).sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => `${name}=${value}`).join('\n');
}

/** read takes one label from each line; it is nothing where a line is no label. */
function read(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').map((l) => l.trim()).filter(Boolean);
  if (lines.some((l) => !/^[^=]+=/.test(l))) return undefined;
  return Object.fromEntries(lines.map((l) => [l.slice(0, l.indexOf('=')).trim(), l.slice(l.indexOf('=') + 1).trim()]));
}
