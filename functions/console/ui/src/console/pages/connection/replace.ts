import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../elements/schema-form.js';
import type { Entered, TenonSchemaForm } from '../../../elements/schema-form.js';
import { translator } from '../../../words/words.js';
import { Dialog, steps } from './dialog.js';
import type en from './en.js';
import { byKeyPair, schemeOf } from './section.js';

const t = translator<typeof en>();

type Mode = 'replace' | 'staged' | 'generate';

/** ConnectionReplace takes a new credential: for now, for later, or made here. */
@customElement('tenon-connection-replace')
export class ConnectionReplace extends Dialog {
  @state() private mode: Mode = 'replace';
  @state() private ends = '';
  @query('tenon-schema-form') private readonly form?: TenonSchemaForm;

  override connectedCallback() {
    super.connectedCallback();
    // What is pending has to be decided on before another takes its place at once.
    if (this.shown.connection.pendingCredential && this.shown.connection.credential) this.mode = 'staged';
  }

  protected heading() { return this.shown.connection.credential ? t('connection.replace') : t('connection.give'); }

  protected body() {
    const { connection: c } = this.shown;
    const scheme = schemeOf(this.shown);
    return html`
      ${c.credential || byKeyPair(this.shown) ? this.modes() : nothing}
      ${c.pendingCredential ? html`<p class="note warn">${t('connection.supersedes', { version: c.pendingCredential.version })}</p>` : nothing}
      ${steps(t('connection.howToRotate'), scheme?.rotation)}
      ${this.mode === 'generate' || !scheme?.fields?.length ? html`
        <p>${this.mode === 'generate' ? t('connection.generateLead') : t('connection.grantLead')}</p>
        ${this.buttons(this.mode === 'generate' ? t('connection.generate') : t('connection.grant'), () => this.save())}` : html`
        ${this.wrong(true)}
        <tenon-schema-form credential .scheme=${scheme} .hide=${(scheme.inputs ?? []).map((i) => i.name)} .errors=${this.trouble} ?working=${this.working}
          label=${this.mode === 'staged' ? t('connection.stage') : t('connection.saveNow')}
          @tenon-submit=${(e: CustomEvent<Entered>) => this.save(e.detail.credential)}>
          <div class="field"><label for="ends">${t('connection.ends')} <span class="soft">(${t('field.optional')})</span></label>
            <input id="ends" type="date" aria-describedby="ends-help" .value=${this.ends} @change=${(e: Event) => (this.ends = (e.target as HTMLInputElement).value)} />
            <p id="ends-help" class="help">${t('connection.endsHelp')}</p></div>
          <button slot="actions" type="button" @click=${() => this.close()}>${t('action.cancel')}</button>
        </tenon-schema-form>`}`;
  }

  private modes() {
    const { connection: c } = this.shown;
    const radio = (mode: Mode, label: string, help: string, disabled = false) => html`<label class="check">
      <input type="radio" name="mode" value=${mode} .checked=${this.mode === mode} ?disabled=${disabled} @change=${() => (this.mode = mode)} />
      <span>${label}<br><span class="small soft">${help}</span></span></label>`;
    return html`<fieldset class="stack"><legend>${c.credential ? t('connection.how') : t('connection.howFirst')}</legend>
      ${c.credential ? radio('replace', t('connection.now'), t('connection.nowHelp'), Boolean(c.pendingCredential)) : radio('replace', t('connection.give'), t('connection.giveHelp'))}
      ${c.credential ? radio('staged', t('connection.later'), t('connection.laterHelp')) : nothing}
      ${byKeyPair(this.shown) ? radio('generate', t('connection.generate'), t('connection.generateHelp')) : nothing}
    </fieldset>`;
  }

  /** save sends the credential. Whatever comes of it, the page has it no more. */
  private async save(credential?: Record<string, string>) {
    const { connection: c } = this.shown;
    const body: Schemas['CredentialPut'] = this.mode === 'generate' ? { mode: 'staged', generate: true } : {
      mode: this.mode, credential: credential ?? {}, ...(this.ends ? { credentialExpiresAt: new Date(`${this.ends}T23:59:59`).toISOString() } : {}),
    };
    const saved = await this.act(() => ask(this.context.api.PUT('/v1/connections/{connectionId}/credential', { params: { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } }, body })));
    body.credential = undefined;
    this.form?.clear();
    if (saved) this.finish(saved, this.mode === 'replace' ? t('connection.replaced') : t('connection.staged'));
  }
}
