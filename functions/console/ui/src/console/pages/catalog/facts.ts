import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { day, translator, word } from '../../../words/words.js';
import { markdown } from '../../parts/markdown.js';
import type en from './en.js';

const t = translator<typeof en>();

type Connector = Schemas['Connector'];
type Scheme = Schemas['AuthScheme'];

/** steps draws a guide; the links of a step open another tab. */
export function steps(heading: string, guide: Schemas['GuideStep'][] | null | undefined) {
  if (!guide?.length) return nothing;
  return html`<section class="stack"><h2>${heading}</h2>${list(guide)}</section>`;
}

function list(guide: Schemas['GuideStep'][]) {
  return html`<ol class="steps stack">${guide.map((s) => html`<li><strong>${s.title}</strong>${markdown(s.text)}
    ${s.url?.startsWith('https://') ? html`<p class="small"><a href=${s.url} target="_blank" rel="noopener noreferrer">${t('catalog.page', { title: s.title })}</a></p>` : nothing}</li>`)}</ol>`;
}

/** schemes draws the ways a system authenticates, with what each asks for. */
export function schemes(connector: Connector) {
  return html`<section class="stack"><h2>${t('catalog.schemes')}</h2>${(connector.authSchemes ?? []).map(scheme)}</section>`;
}

function scheme(s: Scheme) {
  const asked = [...(s.inputs ?? []), ...(s.fields ?? [])];
  return html`<div class="card stack">
    <div class="split"><h3>${s.name}</h3><span class="chip">${word('catalog.scheme', s.type)}</span></div>
    ${asked.length ? html`<p class="small"><span class="soft">${t('catalog.asks')}</span> ${asked.map((i) => i.title).join(', ')}</p>` : nothing}
    ${s.scopes?.length ? scopes(s) : nothing}
    ${s.rotation?.length ? html`<details><summary>${t('catalog.rotation')}</summary>${list(s.rotation)}</details>` : nothing}
  </div>`;
}

function scopes(s: Scheme) {
  return html`<details><summary>${t('catalog.scopes', { count: s.scopes!.length })}</summary><div class="scroll" role="region" aria-label=${t('catalog.scopesOf', { name: s.name })} tabindex="0"><table>
    <thead><tr><th scope="col">${t('catalog.scope')}</th><th scope="col">${t('catalog.meaning')}</th><th scope="col">${t('catalog.need')}</th></tr></thead>
    <tbody>${s.scopes!.map((x) => html`<tr><th scope="row"><code>${x.name}</code></th><td>${x.description ?? ''}</td><td>${x.required ? t('catalog.required') : t('field.optional')}</td></tr>`)}</tbody>
  </table></div></details>`;
}

/** sunsets draws what changes at the system, and until when something is to be done. */
export function sunsets(connector: Connector) {
  return (connector.sunsets ?? []).map((s) => html`<div class="note warn stack">
    <p><strong>${t(Date.parse(s.date) > Date.now() ? 'catalog.sunset' : 'catalog.sunsetPast', { date: day(s.date) })}</strong> ${s.what}</p>
    ${s.action ? html`<p>${s.action}</p>` : nothing}
    ${s.source?.startsWith('https://') ? html`<p class="small"><a href=${s.source} target="_blank" rel="noopener noreferrer">${t('catalog.source')}</a></p>` : nothing}
  </div>`);
}
