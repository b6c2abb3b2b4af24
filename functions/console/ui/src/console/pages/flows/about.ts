import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { moment, translator, word } from '../../../words/words.js';
import { type Binding, type Directory, type Flow, sides } from './directory.js';
import type en from './en.js';
import { slotName } from './reasons.js';

const t = translator<typeof en>();

/** accepted is what each binding of a flow accepts, and since when it names what it does. */
export function accepted(flow: Flow, { connectors }: Directory) {
  return html`<section class="stack" aria-labelledby="accepts"><h2 id="accepts">${t('flows.accepts')}</h2>
    <div class="places">${sides(flow).map((b) => html`<div class="card stack"><h3>${slotName(b.slot)}</h3>
      <dl class="facts">
        <dt>${t('flows.connector')}</dt><dd>${connectors.get(b.connector)?.name ?? b.connector}</dd>
        <dt>${t('flows.environments')}</dt><dd>${(b.environments ?? []).map((e) => word('environment', e)).join(', ')}</dd>
        <dt>${t('flows.template')}</dt><dd>${b.template ? html`<code>${b.template}</code>` : t('flows.anyTemplate')}</dd>
        <dt>${t('flows.scopes')}</dt><dd>${b.scopes?.length ? html`<ul class="chips">${b.scopes.map((s) => html`<li class="chip mono">${s}</li>`)}</ul>` : t('flows.noScopes')}</dd>
        ${bound(b)}
      </dl></div>`)}</div>
  </section>`;
}

function bound(b: Binding) {
  return b.boundAt ? html`<dt>${t('flows.boundAt')}</dt><dd>${moment(b.boundAt)}${b.boundBy ? `, ${b.boundBy}` : ''}</dd>` : nothing;
}

/** recent is what was done to a flow lately. */
export function recent(flow: Flow, entries: Schemas['AuditEntry'][], directory: Directory) {
  return html`<section class="card stack" aria-labelledby="recent">
    <div class="split"><h2 id="recent">${t('flows.recent')}</h2><a href="/console/audit?resource=${flow.flowId}">${t('flows.wholeAudit')}</a></div>
    ${entries.length ? html`<ul class="stack">${entries.map((e) => html`<li class="small"><code>${e.action}</code> ${e.outcome === 'denied' ? html`<strong>${t('flows.denied')}</strong> ` : nothing}${facts(e, directory)}
      <br /><span class="soft">${moment(e.at)} · ${e.actor}</span></li>`)}</ul>` : html`<p class="soft">${t('state.none')}</p>`}
  </section>`;
}

/** facts are told with the names of connections that are there still. */
function facts(e: Schemas['AuditEntry'], { connections }: Directory) {
  const said = Object.entries(e.facts ?? {}).filter(([, value]) => value);
  return said.length ? html`<span class="soft">${said.map(([name, value]) => `${name}: ${connections.get(value)?.name ?? value}`).join(' · ')}</span>` : nothing;
}
