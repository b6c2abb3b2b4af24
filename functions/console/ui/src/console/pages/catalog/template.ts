import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, once, type Schemas } from '../../../api/client.js';
import { Problem } from '../../../api/problem.js';
import '../../../elements/schema-form.js';
import type { Entered } from '../../../elements/schema-form.js';
import '../../../parts/problem.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';

const t = translator<typeof en>();

type Scheme = Schemas['AuthScheme'];

/** TenonTemplateForm makes a template of a system, so that it can be connected. It fires tenon-template-made {template}. */
@customElement('tenon-template-form')
export class TenonTemplateForm extends Page {
  @property({ attribute: false }) connector!: Schemas['Connector'];
  /** The stable keys that templates have already. */
  @property({ attribute: false }) taken: string[] = [];
  @state() private chosen = '';
  private attempt = { key: once(), of: '' };

  private get scheme(): Scheme | undefined {
    const schemes = this.connector.authSchemes ?? [];
    return schemes.find((s) => s.id === this.chosen) ?? schemes[0];
  }

  private get stableKey(): string {
    let key = this.connector.id;
    for (let n = 2; this.taken.includes(key); n++) key = `${this.connector.id}-${n}`;
    return key;
  }

  private async make({ inputs, credential }: Entered) {
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')!.value.trim();
    const asked = { connector: this.connector.id, name, stableKey: this.stableKey, authScheme: this.scheme!.id, inputs, ...(credential.clientId ? { clientId: credential.clientId } : {}) };
    const template = await this.act(async () => {
      if (!name) throw new Problem('validation_failed', 400, { detail: t('catalog.nameNeeded') });
      if (this.attempt.of !== JSON.stringify(asked)) this.attempt = { key: once(), of: JSON.stringify(asked) };
      return ask(this.context.api.POST('/v1/templates', {
        params: { header: { 'Idempotency-Key': this.attempt.key } }, body: credential.clientSecret ? { ...asked, clientSecret: credential.clientSecret } : asked,
      }));
    });
    if (template) this.dispatchEvent(new CustomEvent('tenon-template-made', { detail: { template } }));
    else if (!this.trouble?.undecided) this.attempt = { key: once(), of: '' };
  }

  override render() {
    const { scheme } = this;
    const schemes = this.connector.authSchemes ?? [];
    if (!scheme) return nothing;
    const trouble = this.trouble && moved(this.trouble);
    return html`<div class="stack"><tenon-schema-form credential .scheme=${asTemplate(scheme)} .errors=${trouble} ?working=${this.working} label=${t('catalog.make')}
        @tenon-submit=${(e: CustomEvent<Entered>) => this.make(e.detail)}>
      <div class="field"><label for="name">${t('catalog.name')}</label><input id="name" maxlength="120" autocomplete="off" aria-required="true" .value=${this.connector.name} ?disabled=${this.working} /></div>
      ${schemes.length > 1 ? html`<div class="field"><label for="scheme">${t('catalog.authScheme')}</label>
        <select id="scheme" ?disabled=${this.working} @change=${(e: Event) => (this.chosen = (e.target as HTMLSelectElement).value)}>
          ${schemes.map((s) => html`<option value=${s.id} .selected=${s.id === scheme.id}>${s.name}</option>`)}
        </select></div>` : nothing}
      <p class="small soft">${hasClient(scheme) ? t('catalog.clientLead') : t('catalog.staticLead')}</p>
    </tenon-schema-form>
    ${trouble ? html`<tenon-problem fields .problem=${trouble}></tenon-problem>` : nothing}</div>`;
  }
}

/** hasClient reports whether the organization registers an OAuth client at the system. */
function hasClient(scheme: Scheme): boolean { return scheme.type.startsWith('oauth') && !scheme.fields?.length; }

/** asTemplate is the form of a template: inputs that may be left to each connection, and the client in place of the credential. */
function asTemplate(scheme: Scheme): Scheme {
  // A default is that of each connection: entered here it would be the same for all.
  const inputs = (scheme.inputs ?? []).map((i) => ({ ...i, optional: !i.global || !!i.default, default: undefined, placeholder: i.placeholder ?? i.default }));
  const client = [
    { name: 'clientId', title: t('catalog.clientId'), type: 'text' as const },
    { name: 'clientSecret', title: t('catalog.clientSecret'), type: 'secret' as const, secret: true, optional: true, help: t('catalog.clientSecretHelp') },
  ];
  return { ...scheme, inputs, fields: hasClient(scheme) ? client : [] };
}

/** moved names the members of the client as the form does. */
function moved(problem: Problem): Problem {
  const errors = (problem.document?.errors ?? []).map((e) => ({ ...e, pointer: e.pointer.replace(/^\/(clientId|clientSecret)$/, '/credential/$1') }));
  return new Problem(problem.code, problem.status, { ...problem.document, errors });
}
