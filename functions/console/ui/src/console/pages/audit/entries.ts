import { css, html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { moment, translator, word } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

export type Entry = Schemas['AuditEntry'];

/** entryStyles are those of the table. */
export const entryStyles = css`
  .when { white-space: nowrap; }
  td.wide:has(.mono), .details { overflow-wrap: anywhere; }
  td.open { padding-block: 0.25rem; width: 3rem; }
  td.open button { min-height: 2rem; }
  .action { overflow-wrap: normal; }
  .outcome { white-space: nowrap; }
  .denied { color: var(--red); font-weight: 600; }
  .details { padding: 0.5rem 0.75rem 1rem; background: var(--ground); }
  .narrow { display: none; }
  @media (max-width: 24rem) { .when, .outcome { white-space: normal; } .action { overflow-wrap: anywhere; } }
  @media (max-width: 60rem) { .wide { display: none; } .narrow { display: block; } th, td { padding-inline: 0.3rem; } th:first-child, td:first-child { padding-inline-start: 0; } }
`;

/** table shows entries; the details of those in open are shown below them. */
export function table(entries: Entry[], open: Set<string>, toggle: (id: string) => void) {
  return html`<table>
    <caption class="quiet">${t('nav.audit')}</caption>
    <thead><tr>
      <th scope="col">${t('audit.at')}</th><th scope="col" class="wide">${t('audit.actor')}</th><th scope="col" class="wide">${t('audit.action')}</th>
      <th scope="col" class="wide">${t('audit.resource')}</th><th scope="col">${t('audit.outcome')}</th><th scope="col" class="wide">${t('audit.reason')}</th><th scope="col"><span class="quiet">${t('audit.details')}</span></th>
    </tr></thead>
    <tbody>${entries.map((e) => html`${line(e, open.has(e.id), toggle)}${open.has(e.id) ? details(e) : nothing}`)}</tbody>
  </table>`;
}

function line(e: Entry, open: boolean, toggle: (id: string) => void) {
  return html`<tr>
    <td><time class="when" datetime=${e.at}>${moment(e.at)}</time><span class="narrow">${action(e.action)}</span></td>
    <td class="wide">${e.actor}</td>
    <td class="wide">${action(e.action)}</td>
    <td class="wide">${resource(e)}</td>
    <td class="outcome">${outcome(e)}</td>
    <td class="wide">${e.reason ?? ''}</td>
    <td class="open"><button type="button" class="plain" aria-expanded=${open} aria-controls=${open ? e.id : nothing} aria-label="${t('audit.details')}: ${e.action}, ${moment(e.at)}" @click=${() => toggle(e.id)}>
      <span aria-hidden="true">${open ? '▴' : '▾'}</span></button></td>
  </tr>`;
}

/** action may be broken at its dots. */
function action(name: string) {
  return html`<code class="action">${name.split('.').map((part, i) => (i ? html`<wbr />.${part}` : part))}</code>`;
}

function outcome(e: Entry) {
  const denied = e.outcome === 'denied';
  return html`<span class=${denied ? 'denied' : ''}><span aria-hidden="true">${denied ? '✕' : '✓'}</span> ${word('audit.outcome', e.outcome)}</span>`;
}

function details(e: Entry) {
  const facts = Object.entries(e.facts ?? {});
  const row = (name: string, value: unknown) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing);
  return html`<tr id=${e.id}><td colspan="7" class="details"><dl class="facts small">
    ${row(t('audit.at'), e.at)} ${row(t('audit.actor'), e.actor)} ${row(t('audit.resource'), e.resource ? resource(e) : '')} ${row(t('audit.reason'), e.reason)}
    ${facts.map(([name, value]) => html`<dt class="mono">${name}</dt><dd>${value || '–'}</dd>`)}
    ${row(t('audit.request'), e.requestId ? html`<code>${e.requestId}</code>` : '')} ${row(t('audit.source'), e.sourceIp)} ${row(t('audit.id'), html`<code>${e.id}</code>`)}
  </dl></td></tr>`;
}

/** resource names what an entry is about, and leads to its page where it has one. */
function resource(e: Entry) {
  const id = e.resource ?? '';
  const page = id && pageOf(e.action, id);
  return page ? html`<a href=${page} class="mono">${id}</a>` : html`<span class="mono">${id}</span>`;
}

function pageOf(action: string, id: string): string | undefined {
  if (id.startsWith('con_')) return `/console/connections/${id}`;
  if (action === 'flow.delete') return undefined;
  if (action.startsWith('flow.')) return `/console/flows/${encodeURIComponent(id)}`;
  if (action === 'connector.put') return `/console/catalog/${encodeURIComponent(id)}`;
  return undefined;
}
