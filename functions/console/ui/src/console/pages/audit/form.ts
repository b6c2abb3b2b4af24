import { css, html } from 'lit';
import { translator, word } from '../../../words/words.js';
import type en from './en.js';
import type { Entry } from './entries.js';
import { type Filter, local } from './filter.js';

const t = translator<typeof en>();

/** formStyles lay the fields out in as many columns as fit. */
export const formStyles = css`
  .filter { grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: end; gap: 0.8rem 1rem; }
  .filter .bar { grid-column: 1 / -1; }
  .filter .field > * { min-width: 0; }
  @media (max-width: 60rem) { .filter { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  @media (max-width: 36rem) { .filter .time { grid-column: 1 / -1; } }
`;

/** What the form does. */
interface Doing {
  apply(form: HTMLFormElement): void;
  clear(): void;
}

/** form is the filter to fill in. Actions and actors that were seen are offered. */
export function form(f: Filter, seen: Entry[], doing: Doing) {
  return html`<form class="card filter" role="search" aria-label=${t('audit.filter')} @submit=${(e: SubmitEvent) => { e.preventDefault(); doing.apply(e.currentTarget as HTMLFormElement); }}>
    ${text('actor', f.actor, 320, seen.map((e) => e.actor))}
    ${text('action', f.action, 64, seen.map((e) => e.action))}
    ${text('resource', f.resource, 64, [])}
    <div class="field"><label for="outcome">${t('audit.outcome')}</label>
      <select id="outcome" name="outcome">${['', 'allowed', 'denied'].map((o) => html`<option value=${o} .selected=${o === f.outcome}>${o ? word('audit.outcome', o) : t('field.all')}</option>`)}</select></div>
    ${time('since', f.since)} ${time('until', f.until)}
    <div class="bar"><button class="main">${t('audit.apply')}</button><button type="button" @click=${() => doing.clear()}>${t('audit.clear')}</button></div>
  </form>`;
}

function text(name: 'actor' | 'action' | 'resource', value: string, longest: number, seen: string[]) {
  return html`<div class="field"><label for=${name}>${t(`audit.${name}`)}</label>
    <input id=${name} name=${name} .value=${value} maxlength=${longest} list="${name}-seen" autocomplete="off" spellcheck="false" />
    <datalist id="${name}-seen">${[...new Set(seen)].sort().map((s) => html`<option value=${s}></option>`)}</datalist></div>`;
}

function time(name: 'since' | 'until', value: string) {
  return html`<div class="field time"><label for=${name}>${t(`audit.${name}`)}</label><input id=${name} name=${name} type="datetime-local" .value=${local(value)} /></div>`;
}
