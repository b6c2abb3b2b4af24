import { html, nothing } from 'lit';
import { translator, word } from '../../../words/words.js';
import type { Binding, Candidate } from './directory.js';
import type en from './en.js';

const t = translator<typeof en>();

/** From this many connections on there is a field to search among them. */
const many = 8;

/** Choices are the connections for a binding, and what becomes of one that is chosen. */
export interface Choices {
  found: Candidate[];
  search: string;
  binding: Binding;
  /** The flow is paused, so that the binding may be left empty. */
  paused: boolean;
  /** There is a link to connect another one. */
  connect: boolean;
  choose(to: Candidate | undefined): void;
  look(text: string): void;
}

/** choices lists those that fit, to choose from, then the others with what keeps each from it. */
export function choices(c: Choices) {
  const kept = c.found.filter((o) => o.name.toLowerCase().includes(c.search.toLowerCase()));
  const [fitting, others] = [kept.filter((o) => o.fits), kept.filter((o) => !o.fits)];
  return html`
    ${c.found.length > many ? html`<input type="search" aria-label=${t('action.search')} placeholder=${t('action.search')} .value=${c.search} @input=${(e: Event) => c.look((e.target as HTMLInputElement).value)} />` : nothing}
    ${fitting.length ? html`<ul>${fitting.map((o) => html`<li>${choice(c, o)}</li>`)}</ul>` : html`<p class="small soft none">${t('flows.noneFits')}</p>`}
    ${c.paused && c.binding.connectionId ? html`<button type="button" class="choice" @click=${() => c.choose(undefined)}>${t('flows.leaveEmpty')}</button>` : nothing}
    ${others.length ? html`<p class="small soft none">${t('flows.others')}</p><ul>${others.map((o) => html`<li class="refused">${refused(o)}</li>`)}</ul>` : nothing}
    ${c.connect ? html`<a class="choice" href="/console/add/${c.binding.connector}">${t('flows.another')}</a>` : nothing}`;
}

function choice(c: Choices, o: Candidate) {
  const current = o.connectionId === c.binding.connectionId;
  return html`<button type="button" class="choice" aria-current=${current ? 'true' : nothing} @click=${() => c.choose(o)}>
    <span>${current ? html`<span aria-hidden="true">✓ </span>` : nothing}${o.name}<span class="small soft">${about(o)}</span></span>
    <tenon-status status=${o.status}></tenon-status>
  </button>`;
}

function refused(o: Candidate) {
  const missing = o.refusal?.missingScopes ?? [];
  const link = !o.organization && o.refusal?.remedy;
  return html`<p>${o.name}<span class="small soft">${about(o)}</span></p>
    <p class="small">${o.refusal ? sentence(o.refusal) : ''} ${missing.map((s) => html`<code>${s}</code> `)}
      ${link ? html`<a href="/console/connections/${o.connectionId}" aria-label="${word('remedy', link)}: ${o.name}">${word('remedy', link)}</a>` : nothing}</p>`;
}

function about(o: Candidate): string {
  const parts = [o.environment && o.environment !== 'production' ? word('environment', o.environment) : '', o.organization ? t('flows.shared') : ''];
  return parts.filter(Boolean).map((p) => ` · ${p}`).join('');
}

/** sentence says why a binding does not accept a connection, in the language of the page where it knows the code. */
function sentence({ code, remedy, detail }: NonNullable<Candidate['refusal']>): string {
  const key = code === 'not_connected' ? `${code}_${remedy}` : code;
  const known = word('flows.refusal', key);
  return known === key.replaceAll('_', ' ') ? detail : known;
}
