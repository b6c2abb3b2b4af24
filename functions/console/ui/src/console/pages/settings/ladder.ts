import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controls } from '../../../look/controls.js';
import { plural, translator } from '../../../words/words.js';
import { defaults, withDay } from './form.js';
import type en from './en.js';

const t = translator<typeof en>();

/** SettingsLadder is the days before an end on which admins are reminded. It fires "change" with the days. */
@customElement('tenon-settings-ladder')
export class SettingsLadder extends LitElement {
  static override styles = [...controls, css`
    .chip { display: inline-flex; align-items: center; gap: 0.25rem; padding-inline-end: 0.2rem; }
    .chip button { min-height: 1.75rem; min-width: 1.75rem; padding: 0; border-radius: 99px; }
    input:not([type='checkbox']) { width: 7rem; }
  `];

  @property({ attribute: false }) days: number[] = [];
  @property({ type: Boolean }) disabled = false;
  @property() wrong = '';
  @query('#day') private readonly day!: HTMLInputElement;

  override render() {
    const by = this.wrong ? 'help wrong' : 'help';
    return html`<div class="field" role="group" aria-labelledby="title">
      <p id="title"><strong>${t('settings.ladder')}</strong></p>
      ${this.days.length ? html`<ul class="chips">${this.days.map((day) => this.step(day))}</ul>` : html`<p class="soft">${t('settings.ladderDefault', { days: defaults.daysBefore })}</p>`}
      ${this.disabled ? nothing : html`<div class="bar">
        <label for="day" class="quiet">${t('settings.ladderAdd')}</label>
        <input id="day" type="number" min="1" max="365" inputmode="numeric" aria-describedby=${by} aria-invalid=${this.wrong ? 'true' : nothing} @keydown=${this.key} />
        <button type="button" @click=${() => this.add()}>${t('settings.ladderAddDays')}</button>
      </div>`}
      <p class="help" id="help">${t('settings.ladderHelp')}</p>
      ${this.wrong ? html`<p class="wrong" id="wrong">${this.wrong}</p>` : nothing}
    </div>`;
  }

  private step(day: number) {
    const text = plural('settings.days', day);
    return html`<li class="chip">${text}${this.disabled ? nothing : html`
      <button type="button" class="plain" aria-label=${t('settings.ladderRemove', { days: text })} @click=${() => this.change(this.days.filter((d) => d !== day))}>✕</button>`}</li>`;
  }

  private readonly key = (e: KeyboardEvent) => {
    if (e.key !== 'Enter') return;
    e.preventDefault(); // Enter adds the step; it does not save the form.
    this.add();
  };

  private add() {
    const day = Math.trunc(this.day.valueAsNumber);
    this.day.focus();
    if (!day || day < 0) return;
    this.day.value = '';
    this.change(withDay(this.days, day));
  }

  private change(days: number[]) { this.dispatchEvent(new CustomEvent('change', { detail: days })); }
}
