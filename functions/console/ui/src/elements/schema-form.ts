import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Schemas } from '../api/schemas.js';
import type { Problem, ProblemDocument } from '../api/problem.js';
import { controls } from '../look/controls.js';
import { Worded } from '../parts/worded.js';
import { chosen, translator } from '../words/words.js';
import { check, type Wrong } from './form/checks.js';
import type en from './form/en.js';
import { type Field, fieldOf, type Hands, idOf } from './form/field.js';
import { type Picked, read, size } from './form/file.js';
import { sort, type Sorted } from './form/problem.js';
import { words } from './form/words.js';

const t = translator<typeof en>();

/** Entered is what a person entered, as the API takes it; empty members are left out. */
export interface Entered {
  inputs: Record<string, string>;
  credential: Record<string, string>;
}

/**
 * TenonSchemaForm asks for what an auth scheme needs: its inputs and, when asked to,
 * the members of its credential. It checks what can be checked here and fires
 * tenon-submit {inputs, credential}; then it forgets every secret, whatever comes of
 * it. What stands in the slot is part of the form: Enter sends it. Its parts are
 * form, field, label, input, help, docs, drop, error, wrong and submit.
 */
@customElement('tenon-schema-form')
export class TenonSchemaForm extends Worded {
  static override styles = [...controls, css`
    :host { color-scheme: inherit; }
    .drop { display: grid; gap: 0.4rem; justify-items: start; padding: 0.75rem; border: 1px dashed var(--edge); border-radius: var(--radius); }
    .drop input { border: 0; padding: 0; min-height: 0; background: none; }
    slot { display: contents; }
  `];

  @property({ attribute: false }) scheme?: Schemas['AuthScheme'];
  /** What stands in the inputs at first, by name. */
  @property({ attribute: false }) values: Record<string, string> = {};
  /** Names of inputs that are not asked for: the template gives them. */
  @property({ attribute: false }) hide: string[] = [];
  /** What the API said to what was sent: the problem document of its answer. */
  @property({ attribute: false }) errors?: Problem | Partial<ProblemDocument>;
  /** The members of the credential are asked for. */
  @property({ type: Boolean }) credential = false;
  /** It is being sent; nothing can be changed. */
  @property({ type: Boolean }) working = false;
  /** Text of the button. */
  @property() label = '';

  @state() private wrong: Record<string, string> = {};
  @state() private others: string[] = [];
  @state() private pasting = new Set<string>();
  @state() private files: Record<string, Picked> = {};
  private typed: Record<string, string> = {};
  private shownScheme = '';
  /** What is wrong was found here; what the API found its page says, too. */
  private found = false;
  private focusWrong = false;

  protected override readonly dictionary = words;
  private readonly hands: Hands = {
    typed: (f, text) => this.type(f, text),
    left: (f, text) => { if (text) this.judge(f, check(f.input, text, f.credential)); },
    took: (f, file) => void this.take(f, file),
    paste: (f, pasting) => this.paste(f, pasting),
  };

  /** clear forgets every secret; what else was entered stays. */
  clear(): void {
    this.files = {};
    for (const secret of this.renderRoot.querySelectorAll<HTMLInputElement>('input[type=password], input[type=file], textarea')) secret.value = '';
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.clear();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (this.scheme && this.scheme.id !== this.shownScheme) {
      this.shownScheme = this.scheme.id;
      [this.wrong, this.others, this.typed, this.files, this.pasting] = [{}, [], {}, {}, new Set()];
    }
    if (changed.has('errors') && (this.errors || changed.get('errors'))) {
      const sorted: Sorted = sort(this.errors, this.fields());
      [this.wrong, this.others, this.found, this.focusWrong] = [sorted.fields, sorted.others, false, true];
    }
  }

  override updated() {
    if (!this.focusWrong || this.working || !this.spoken) return;
    this.focusWrong = false;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  private fields(): Field[] {
    const inputs = (this.scheme?.inputs ?? []).filter((i) => !this.hide.includes(i.name));
    const members = this.credential ? (this.scheme?.fields ?? []) : [];
    return [
      ...inputs.map((input) => ({ input, pointer: `/inputs/${input.name}`, credential: false })),
      ...members.map((input) => ({ input, pointer: `/credential/${input.name}`, credential: true })),
    ];
  }

  private type(f: Field, text: string) {
    this.typed[f.pointer] = text; // Of a secret it is empty.
    if (f.pointer in this.wrong) this.judge(f, undefined);
  }

  private judge(f: Field, wrong: Wrong | undefined) {
    const { [f.pointer]: _, ...rest } = this.wrong;
    this.wrong = wrong ? { ...rest, [f.pointer]: t(wrong.key, wrong.values) } : rest;
  }

  private async take(f: Field, file: File | undefined) {
    const took = file ? await read(file) : undefined;
    const { [f.pointer]: _, ...rest } = this.files;
    const good = took && 'text' in took;
    this.files = good ? { ...rest, [f.pointer]: took } : rest;
    if (!good) this.renderRoot.querySelector<HTMLInputElement>(`#${idOf(f)}`)!.value = '';
    this.judge(f, took && !good ? took : undefined);
  }

  private async paste(f: Field, pasting: boolean) {
    this.pasting = pasting ? new Set([...this.pasting, f.pointer]) : new Set([...this.pasting].filter((p) => p !== f.pointer));
    const { [f.pointer]: _, ...rest } = this.files;
    this.files = rest;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${idOf(f)}`)?.focus();
  }

  /** text is what stands in a field now. */
  private text(f: Field): string {
    if (f.input.type === 'file' && !this.pasting.has(f.pointer)) return this.files[f.pointer]?.text ?? '';
    return this.renderRoot.querySelector<HTMLInputElement>(`#${idOf(f)}`)?.value ?? '';
  }

  private submit(e: Event) {
    e.preventDefault();
    if (this.working) return;
    const entered: Entered = { inputs: {}, credential: {} };
    this.wrong = {};
    for (const f of this.fields()) {
      const text = this.text(f);
      const wrong = check(f.input, text, f.credential);
      if (wrong) this.judge(f, wrong);
      else if (f.credential && text) entered.credential[f.input.name] = text;
      else if (text.trim()) entered.inputs[f.input.name] = text.trim();
    }
    this.found = this.focusWrong = Object.keys(this.wrong).length > 0;
    if (this.found) return;
    this.dispatchEvent(new CustomEvent<Entered>('tenon-submit', { detail: entered, bubbles: true, composed: true }));
    this.clear();
  }

  /** enter sends the form from a field in the slot, which is not of it by itself. */
  private enter(e: KeyboardEvent) {
    if (e.key !== 'Enter' || !(e.target instanceof HTMLInputElement) || e.isComposing) return;
    e.preventDefault();
    this.renderRoot.querySelector('form')?.requestSubmit();
  }

  override render() {
    if (!this.spoken) return nothing;
    const fields = this.fields();
    const wrong = this.found ? fields.filter((f) => f.pointer in this.wrong).map((f) => f.input.title) : [];
    return html`<form part="form" novalidate autocomplete="off" @submit=${(e: Event) => this.submit(e)}>
      <slot @keydown=${(e: KeyboardEvent) => this.enter(e)}></slot>
      ${repeat(fields, (f) => `${this.scheme?.id}${f.pointer}`, (f) => fieldOf(f, this.shown(f), this.hands))}
      <div role="alert" class=${wrong.length || this.others.length ? 'note bad' : ''} part="wrong">
        ${wrong.length ? html`<p>${t('form.invalid', { fields: wrong.join(', ') })}</p>` : nothing}
        ${this.others.map((text) => html`<p>${text}</p>`)}
      </div>
      <div class="bar"><button class="main" part="submit" type="submit" ?disabled=${this.working}>${this.label || t('form.submit')}</button><slot name="actions"></slot></div>
    </form>`;
  }

  private shown(f: Field) {
    const file = this.files[f.pointer];
    return {
      value: this.typed[f.pointer] ?? (f.credential ? undefined : this.values[f.input.name]) ?? f.input.default ?? '', wrong: this.wrong[f.pointer], disabled: this.working,
      picked: file && { name: file.name, size: size(file.bytes, chosen()) }, pasting: this.pasting.has(f.pointer),
    };
  }
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-schema-form': TenonSchemaForm }
  interface GlobalEventHandlersEventMap { 'tenon-submit': CustomEvent<Entered> }
}
