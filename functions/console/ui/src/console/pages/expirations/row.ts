import { css, html, nothing } from 'lit';
import { controls } from '../../../look/controls.js';
import { mark } from '../../../parts/mark.js';
import { day, plural, translator, word } from '../../../words/words.js';
import type { Schemas } from '../../../api/client.js';
import type { Context } from '../../context.js';
import type en from './en.js';
import { type Expiration, placeOf, urgencyOf } from './urgency.js';

const t = translator<typeof en>();

/** rowStyles are those of the rows and what holds them. */
export const rowStyles = [...controls, css`
  .rows { display: grid; gap: 0.6rem; }
  .row { display: grid; grid-template-columns: auto minmax(0, 1fr) 11.5rem 12rem; gap: 0.5rem 1rem; align-items: center; padding: 0.9rem 1.15rem; }
  .what, .when { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.15rem; min-width: 0; overflow-wrap: anywhere; }
  .when { justify-items: start; }
  .left { display: inline-flex; gap: 0.4rem; align-items: center; padding: 0.12rem 0.6rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; color: var(--slate); background: var(--slate-wash); }
  .left.ended, .left.week { color: var(--red); background: var(--red-wash); }
  .left.month { color: var(--amber); background: var(--amber-wash); }
  .do { justify-self: end; }
  @media (max-width: 44rem) { .row { grid-template-columns: auto minmax(0, 1fr); } .when, .do { grid-column: 1 / -1; justify-self: start; } }
`];

/** row is one date: what ends, when, who renews it, and where something can be done. */
export function row(e: Expiration, connector: Schemas['ConnectorCard'] | undefined, context: Context) {
  const place = placeOf(e, context);
  return html`<li class="card row">
    ${mark(connector?.logo)}
    <div class="what">
      <h3>${e.name}</h3>
      <p class="small">${word('expirations.kind', e.kind)}${connector ? ` · ${connector.name}` : ''}${e.environment ? ` · ${word('environment', e.environment)}` : ''}</p>
      <p class="small soft">${t(e.renewal === 'automatic' ? 'expirations.automatic' : 'expirations.person')}
        ${e.nextReminderAt ? t('expirations.reminder', { date: day(e.nextReminderAt) }) : ''}</p>
    </div>
    <div class="when"><time datetime=${e.date}>${day(e.date)}</time>${left(e)}</div>
    <div class="do">${place && e.remedy ? html`<a class="button" href=${place} aria-label="${word('expirations.remedy', e.remedy)}: ${e.name}">${word('expirations.remedy', e.remedy)}</a>` : e.remedy ? html`<span class="small soft">${word('expirations.remedy', e.remedy)}</span>` : nothing}</div>
  </li>`;
}

/** left says how much time is left, in words; the colour only repeats it. What renews itself is not urgent. */
function left(e: Expiration) {
  const urgency = e.renewal === 'automatic' ? 'later' : urgencyOf(e);
  const text = e.daysLeft < 0 ? plural('expirations.past', -e.daysLeft) : e.daysLeft === 0 ? t('expirations.today') : plural('expirations.left', e.daysLeft);
  const sign = { ended: '✕', week: '!', month: '△', later: '○' }[urgency];
  return html`<span class="left ${urgency}"><span aria-hidden="true">${sign}</span>${text}</span>`;
}
