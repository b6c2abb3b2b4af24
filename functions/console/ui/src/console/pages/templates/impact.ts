import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { plural, translator, word } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

/** impactOf draws what a change would mean for the connections made from a template. */
export function impactOf(impact: Schemas['Impact']) {
  if (!impact.allowed) return html`<p class="note bad">${impact.detail ?? t('templates.notAllowed')}</p>`;
  const all = impact.connections ?? [];
  const again = all.filter((c) => c.effect === 'reconsent');
  return html`<div class="stack">
    <p><strong>${impact.total ? plural('templates.touched', impact.total) : t('templates.untouched')}</strong></p>
    ${again.length ? html`<p class="note warn">${plural('templates.again', again.length)}</p>` : nothing}
    ${all.length ? html`<ul>${all.map((c) => html`<li class="small"><code>${c.connectionId}</code> ${c.tenant ?? ''}, ${word('templates.effect', c.effect)} ${c.reason ? word('templates.effect.reason', c.reason) : ''}</li>`)}</ul>` : nothing}
  </div>`;
}
