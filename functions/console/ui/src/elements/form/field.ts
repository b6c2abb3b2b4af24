import { html, nothing, type TemplateResult } from 'lit';
import { translator } from '../../words/words.js';
import type { Input } from './checks.js';
import type en from './en.js';

const t = translator<typeof en>();

/** Field is one value that the form asks for. */
export interface Field {
  input: Input;
  /** Where the API finds it: /inputs/host, /credential/apiKey. */
  pointer: string;
  /** A member of the credential. */
  credential: boolean;
}

/** Shown is how a field stands at the moment. */
export interface Shown {
  value: string;
  wrong?: string;
  disabled: boolean;
  /** The file that was picked: its name and size in words. */
  picked?: { name: string; size: string };
  /** The text of the file is pasted. */
  pasting: boolean;
}

/** Hands is what the person does with a field. */
export interface Hands {
  typed(field: Field, text: string): void;
  left(field: Field, text: string): void;
  took(field: Field, file: File | undefined): void;
  paste(field: Field, pasting: boolean): void;
}

export function idOf(field: Field): string { return field.pointer.slice(1).replace('/', '-'); }

/** fieldOf draws a field: label, control, help, and what is wrong, which the control names as its description. */
export function fieldOf(field: Field, shown: Shown, hands: Hands): TemplateResult {
  const { input } = field;
  const id = idOf(field);
  return html`<div class="field" part="field">
    <label part="label" for=${id}>${input.title}${input.optional ? html` <span class="soft">(${t('form.optional')})</span>` : nothing}</label>
    ${control(field, shown, hands)}
    ${input.help ? html`<p class="help" part="help" id="${id}-help">${input.help}</p>` : nothing}
    ${docs(input)}
    ${shown.wrong ? html`<p class="wrong" part="error" id="${id}-wrong">${shown.wrong}</p>` : nothing}
  </div>`;
}

function docs({ docs, title }: Input) {
  if (!docs?.startsWith('https://')) return nothing;
  return html`<p class="small"><a part="docs" href=${docs} target="_blank" rel="noopener noreferrer">${t('form.docs', { title })}</a></p>`;
}

function described(field: Field, shown: Shown) {
  const id = idOf(field);
  const ids = [field.input.help ? `${id}-help` : '', shown.wrong ? `${id}-wrong` : ''].filter(Boolean);
  return ids.length ? ids.join(' ') : nothing;
}

function control(field: Field, shown: Shown, hands: Hands) {
  if (field.input.type === 'file') return shown.pasting ? pasted(field, shown, hands) : picked(field, shown, hands);
  return field.input.type === 'enum' ? choice(field, shown, hands) : text(field, shown, hands);
}

function text(field: Field, shown: Shown, hands: Hands) {
  const { input } = field;
  const secret = input.type === 'secret' || input.secret;
  const changed = (e: Event) => hands.typed(field, secret ? '' : (e.target as HTMLInputElement).value);
  const left = (e: Event) => hands.left(field, (e.target as HTMLInputElement).value);
  const mode = { port: 'numeric', url: 'url', host: 'url', server: 'url' }[input.type as string];
  const about = { required: input.optional || input.default ? 'false' : 'true', invalid: shown.wrong ? 'true' : 'false' };
  // What a secret field holds is nobody's but the field's: it is read once, when it is sent.
  return secret
    ? html`<input part="input" id=${idOf(field)} type="password" autocomplete="off" spellcheck="false" placeholder=${input.placeholder ?? ''} ?disabled=${shown.disabled}
        aria-required=${about.required} aria-invalid=${about.invalid} aria-describedby=${described(field, shown)} @input=${changed} @change=${left} />`
    : html`<input part="input" id=${idOf(field)} type="text" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode=${mode ?? nothing} placeholder=${input.placeholder ?? ''} .value=${shown.value} ?disabled=${shown.disabled}
        aria-required=${about.required} aria-invalid=${about.invalid} aria-describedby=${described(field, shown)} @input=${changed} @change=${left} />`;
}

function choice(field: Field, shown: Shown, hands: Hands) {
  const values = field.input.enum ?? [];
  return html`<select part="input" id=${idOf(field)} ?disabled=${shown.disabled} aria-invalid=${shown.wrong ? 'true' : 'false'} aria-describedby=${described(field, shown)}
    @change=${(e: Event) => { hands.typed(field, (e.target as HTMLSelectElement).value); hands.left(field, (e.target as HTMLSelectElement).value); }}>
    ${values.includes(shown.value) && !field.input.optional ? nothing : html`<option value="" .selected=${!shown.value}>${t('form.choose')}</option>`}
    ${values.map((v) => html`<option value=${v} .selected=${v === shown.value}>${v}</option>`)}
  </select>`;
}

function picked(field: Field, shown: Shown, hands: Hands) {
  const id = idOf(field);
  const dropped = (e: DragEvent) => { e.preventDefault(); if (!shown.disabled) hands.took(field, e.dataTransfer?.files[0]); };
  return html`<div class="drop" part="drop" @dragover=${(e: Event) => e.preventDefault()} @drop=${dropped}>
    <input part="input" id=${id} type="file" ?disabled=${shown.disabled} aria-invalid=${shown.wrong ? 'true' : 'false'} aria-describedby=${described(field, shown)}
      @change=${(e: Event) => hands.took(field, (e.target as HTMLInputElement).files?.[0])} />
    ${shown.picked
      ? html`<p role="status" class="mono">${t('form.picked', shown.picked)}</p><button type="button" class="plain" ?disabled=${shown.disabled} @click=${() => hands.took(field, undefined)}>${t('form.forget', { name: shown.picked.name })}</button>`
      : html`<p class="small soft">${t('form.drop')}</p><button type="button" class="plain" ?disabled=${shown.disabled} @click=${() => hands.paste(field, true)}>${t('form.paste')}</button>`}
  </div>`;
}

function pasted(field: Field, shown: Shown, hands: Hands) {
  return html`<textarea part="input" id=${idOf(field)} class="mono" autocomplete="off" autocapitalize="none" spellcheck="false" ?disabled=${shown.disabled}
      aria-invalid=${shown.wrong ? 'true' : 'false'} aria-describedby=${described(field, shown)}
      @input=${() => hands.typed(field, '')} @change=${(e: Event) => hands.left(field, (e.target as HTMLTextAreaElement).value)}></textarea>
    <div><button type="button" class="plain" ?disabled=${shown.disabled} @click=${() => hands.paste(field, false)}>${t('form.pick')}</button></div>`;
}
