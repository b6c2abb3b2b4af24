import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import '../../../parts/copy.js';
import { day, translator, word } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

/** factsOf draws what a template needs of a person, and what is fixed. */
export function factsOf(o: Schemas['Template'], connector: string, scheme: string | undefined) {
  return html`
    ${o.missing?.length ? html`<section class="note warn stack"><h2>${t('templates.todo')}</h2><ul>${o.missing.map((m) => html`<li>${word('templates.todo', m)}</li>`)}</ul></section>` : nothing}
    ${o.incident ? html`<p class="note bad">${t('templates.refused')} ${t('templates.refusedSince', { at: day(o.incident.since) })}</p>` : nothing}
    <dl class="card facts">
      <dt>${t('templates.connector')}</dt><dd>${connector}</dd>
      <dt>${t('templates.scheme')}</dt><dd>${scheme ?? o.authScheme}</dd>
      <dt>${t('templates.stableKey')}</dt><dd><code>${o.stableKey}</code></dd>
      ${o.redirectUri ? html`<dt>${t('templates.redirectUri')}</dt><dd><code>${o.redirectUri}</code> <tenon-copy .text=${o.redirectUri} what=${t('templates.redirectUri')}></tenon-copy><p class="soft small">${t('templates.redirectUriHelp')}</p></dd>` : nothing}
    </dl>`;
}
