import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { translator } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';
import { schemeOf } from './section.js';

const t = translator<typeof en>();

/** ConnectionEdit changes the name, the inputs and the labels. */
@customElement('tenon-connection-edit')
export class ConnectionEdit extends Dialog {
  /** Names of the inputs that the template gives: they are changed there. */
  @state() private given = new Set<string>();
  @state() private labelTrouble = '';

  override connectedCallback() {
    super.connectedCallback();
    void this.readTemplate();
  }

  private async readTemplate() {
    if (!this.context.may('templates:read') || !schemeOf(this.shown)?.inputs?.length) return;
    try {
      const template = await ask(this.context.api.GET('/v1/templates/{templateId}', { params: { path: { templateId: this.shown.connection.templateId } } }));
      this.given = new Set((template.fields ?? []).filter((f) => f.from === 'global').map((f) => f.name));
    } catch { /* The API says which inputs are not the connection's. */ }
  }

  protected heading() { return t('connection.edit'); }

  protected body() {
    const { connection: c } = this.shown;
    return html`<form @submit=${(e: SubmitEvent) => this.save(e)}>
      ${this.field('name', t('connection.name'), c.name, { error: this.trouble?.field('/name'), required: true, limit: 120 })}
      ${this.inputs.map((i) => this.field(`input-${i.name}`, i.title, c.inputs?.[i.name] ?? '', { help: i.help, error: this.trouble?.field(`/inputs/${i.name}`), required: !i.optional, options: i.enum ?? undefined }))}
      <div class="field"><label for="labels">${t('connection.labels')} <span class="soft">(${t('field.optional')})</span></label>
        <textarea id="labels" name="labels" spellcheck="false" aria-describedby="labels-help labels-wrong" aria-invalid=${this.labelWrong ? 'true' : 'false'} .value=${labelText(c.labels)}></textarea>
        <p id="labels-help" class="help">${t('connection.labelsHelp')}</p><p id="labels-wrong" class="wrong">${this.labelWrong}</p></div>
      ${this.inputs.length ? html`<p class="small soft">${t('connection.inputsWarning')}</p>` : nothing}
      ${this.wrong(true)}
      <div class="bar"><button class="main" ?disabled=${this.working}>${this.working ? t('state.working') : t('action.save')}</button>
        <button type="button" @click=${() => this.close()}>${t('action.cancel')}</button></div>
    </form>`;
  }

  private get labelWrong(): string { return this.labelTrouble || (this.trouble?.field('/labels') ?? ''); }

  private get inputs() { return (schemeOf(this.shown)?.inputs ?? []).filter((i) => !this.given.has(i.name)); }

  private field(name: string, label: string, value: string, { help, error, required, options, limit }: { help?: string; error?: string; required?: boolean; options?: string[]; limit?: number }) {
    const describedBy = [help ? `${name}-help` : '', error ? `${name}-wrong` : ''].filter(Boolean).join(' ') || nothing;
    return html`<div class="field"><label for=${name}>${label}${required ? nothing : html` <span class="soft">(${t('field.optional')})</span>`}</label>
      ${options ? html`<select id=${name} name=${name} aria-describedby=${describedBy} aria-invalid=${error ? 'true' : 'false'}>${options.map((o) => html`<option value=${o} .selected=${o === value}>${o}</option>`)}</select>`
        : html`<input id=${name} name=${name} .value=${value} ?required=${required} maxlength=${limit ?? 1000} autocomplete="off" aria-describedby=${describedBy} aria-invalid=${error ? 'true' : 'false'} />`}
      ${help ? html`<p id="${name}-help" class="help">${help}</p>` : nothing}${error ? html`<p id="${name}-wrong" class="wrong">${error}</p>` : nothing}</div>`;
  }

  private async save(e: SubmitEvent) {
    e.preventDefault();
    const { connection: c } = this.shown;
    const form = new FormData(e.target as HTMLFormElement);
    const labels = readLabels(String(form.get('labels')));
    this.labelTrouble = labels ? '' : t('connection.labelsWrong');
    if (!labels) return;
    const body: Schemas['ConnectionUpdate'] = { name: String(form.get('name')) };
    if (labelText(labels) !== labelText(c.labels)) body.labels = labels;
    if (this.inputs.length) body.inputs = Object.fromEntries(this.inputs.map((i) => [i.name, String(form.get(`input-${i.name}`))]).filter(([, value]) => value));
    const saved = await this.act(() => ask(this.context.api.PATCH('/v1/connections/{connectionId}', { params: { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } }, body })));
    if (saved) this.finish(saved, t('state.saved'));
  }
}

function labelText(labels: Record<string, string> | undefined): string {
  return Object.entries(labels ?? {}).sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => `${name}=${value}`).join('\n');
}

/** readLabels reads one label a line, or nothing where a line is none. */
function readLabels(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').map((l) => l.trim()).filter(Boolean);
  if (lines.some((l) => !/^[^=]+=/.test(l))) return undefined;
  return Object.fromEntries(lines.map((l) => [l.slice(0, l.indexOf('=')).trim(), l.slice(l.indexOf('=') + 1).trim()]));
}
