import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../api/problem.js';
import { translator } from '../words/words.js';

const t = translator();

/** Field is a labelled control. */
export interface Field {
  /** Unique in its shadow root. */
  id: string;
  label: string;
  help?: string;
  /** What is wrong with the value. */
  wrong?: string;
  optional?: boolean;
}

/** Described are the attributes that tie a control to its help and to what is wrong. */
export interface Described {
  by: string | typeof nothing;
  invalid: 'true' | typeof nothing;
}

/** field draws the label, the control, its help and what is wrong with it. */
export function field(f: Field, control: (d: Described) => TemplateResult): TemplateResult {
  const ids = [f.help ? `${f.id}-help` : '', f.wrong ? `${f.id}-wrong` : ''].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for=${f.id}>${f.label} ${f.optional ? html`<span class="soft small">(${t('field.optional')})</span>` : nothing}</label>
    ${control({ by: ids || nothing, invalid: f.wrong ? 'true' : nothing })}
    ${f.help ? html`<p class="help" id="${f.id}-help">${f.help}</p>` : nothing}
    ${f.wrong ? html`<p class="wrong" id="${f.id}-wrong">${f.wrong}</p>` : nothing}
  </div>`;
}

/** TextField is a field of one line. */
export interface TextField extends Field {
  value: string;
  type?: 'text' | 'number' | 'url' | 'date';
  required?: boolean;
  input: (value: string) => void;
}

/** textField draws a field of one line. */
export function textField(f: TextField): TemplateResult {
  return field(f, (d) => html`<input id=${f.id} type=${f.type ?? 'text'} .value=${f.value} ?required=${f.required} autocomplete="off" spellcheck="false"
    aria-describedby=${d.by} aria-invalid=${d.invalid} @input=${(e: Event) => f.input((e.target as HTMLInputElement).value)} />`);
}

/** linesField draws a field of many values, one a line. */
export function linesField(f: Omit<TextField, 'type' | 'required'>): TemplateResult {
  return field(f, (d) => html`<textarea id=${f.id} .value=${f.value} autocomplete="off" spellcheck="false"
    aria-describedby=${d.by} aria-invalid=${d.invalid} @input=${(e: Event) => f.input((e.target as HTMLTextAreaElement).value)}></textarea>`);
}

/**
 * secretField draws a field for a secret. Its value is nowhere but in the control:
 * taken reads and empties it.
 */
export function secretField(f: Field): TemplateResult {
  return field(f, (d) => html`<input id=${f.id} type="password" autocomplete="off" spellcheck="false" aria-describedby=${d.by} aria-invalid=${d.invalid} />`);
}

/** selectField draws a choice of values, with the word for each. */
export function selectField(f: Field & { value: string; options: [value: string, word: string][]; change: (value: string) => void }): TemplateResult {
  return field(f, (d) => html`<select id=${f.id} aria-describedby=${d.by} aria-invalid=${d.invalid} @change=${(e: Event) => f.change((e.target as HTMLSelectElement).value)}>
    ${f.options.map(([value, word]) => html`<option value=${value} .selected=${value === f.value}>${word}</option>`)}
  </select>`);
}

/** checkField draws a yes or no, with its help below. */
export function checkField(f: { id: string; label: string; help?: string; checked: boolean; change: (checked: boolean) => void }): TemplateResult {
  return html`<div class="field">
    <label class="check" for=${f.id}><input id=${f.id} type="checkbox" .checked=${f.checked} aria-describedby=${f.help ? `${f.id}-help` : nothing}
      @change=${(e: Event) => f.change((e.target as HTMLInputElement).checked)} /><span>${f.label}</span></label>
    ${f.help ? html`<p class="help" id="${f.id}-help">${f.help}</p>` : nothing}
  </div>`;
}

/** lines are the values of a field of many. */
export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

/** wrongIn says what is wrong with a list or its items, each with the item it is about. */
export function wrongIn(problem: Problem | undefined, pointer: string, items: readonly (string | number)[]): string | undefined {
  const said = (problem?.document?.errors ?? []).flatMap((e) => {
    if (e.pointer === pointer) return [e.detail];
    if (!e.pointer.startsWith(`${pointer}/`)) return [];
    const item = items[Number(e.pointer.slice(pointer.length + 1).split('/')[0])];
    return [item === undefined ? e.detail : `${item}: ${e.detail}`];
  });
  return said.length ? said.join(' ') : undefined;
}

/** focusWrong brings the person to the first field that is wrong. */
export async function focusWrong(host: { updateComplete: Promise<unknown>; renderRoot: ParentNode }): Promise<void> {
  await host.updateComplete;
  host.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
