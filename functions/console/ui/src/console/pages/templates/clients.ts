import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { day, number, translator, word } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

/** clientsOf draws the OAuth clients of a template and how far their rotation is; end asks to end it. */
export function clientsOf(clients: Schemas['TemplateClient'][], end: () => void) {
  if (!clients.length) return nothing;
  return html`<section class="card stack">
    <div class="head"><h2>${t('templates.clients')}</h2>${clients.length > 1 ? html`<button type="button" @click=${end}>${t('templates.drop')}</button>` : nothing}</div>
    ${clients.length > 1 ? html`<p class="soft">${t('templates.rotating')}</p>` : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label=${t('templates.clients')}><table>
      <thead><tr><th scope="col">${t('templates.clientId')}</th><th scope="col">${t('templates.role')}</th><th scope="col">${t('templates.clientSecret')}</th><th scope="col">${t('templates.connections')}</th></tr></thead>
      <tbody>${clients.map((c) => html`<tr>
        <th scope="row"><code>${c.clientId}</code>${c.refusedAt ? html`<br><span class="wrong">${t('templates.refusedSince', { at: day(c.refusedAt) })}</span>` : nothing}</th>
        <td>${word('templates.role', c.role)}</td>
        <td>${c.last4 ? `… ${c.last4}` : ''} ${c.setAt ? html`<br><span class="soft small">${t('templates.setBy', { at: day(c.setAt), by: c.setBy ?? '' })}</span>` : nothing}${c.expiresAt ? html`<br><span class="small">${t('templates.ends', { at: day(c.expiresAt) })}</span>` : nothing}</td>
        <td>${number(c.connections)}</td>
      </tr>`)}</tbody></table></div>
  </section>`;
}
