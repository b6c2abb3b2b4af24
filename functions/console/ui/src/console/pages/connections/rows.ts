import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import '../../../elements/status.js';
import { mark } from '../../../parts/mark.js';
import { day, number, translator, word } from '../../../words/words.js';
import '../../parts/reason/reason.js';
import type en from './en.js';

const t = translator<typeof en>();

type Connection = Schemas['Connection'];
/** Connectors are those of the catalog, by id. */
export type Connectors = Map<string, Schemas['ConnectorCard']>;

/** table lists connections where there is room. */
export function table(connections: Connection[], connectors: Connectors) {
  return html`<div class="scroll card" tabindex="0" role="region" aria-label=${t('connections.title')}><table>
    <thead><tr>
      <th scope="col">${t('connections.name')}</th><th scope="col">${t('connections.connector')}</th><th scope="col">${t('connections.environment')}</th>
      <th scope="col">${t('connections.status')}</th><th scope="col">${t('connections.account')}</th><th scope="col">${t('connections.lastUsed')}</th>
      <th scope="col" class="number">${t('connections.flows')}</th>
    </tr></thead>
    <tbody>${connections.map((c) => html`<tr>
      <th scope="row">${link(c)}</th><td>${system(c, connectors)}</td><td>${word('environment', c.environment)}</td>
      <td class="state">${state(c)}</td><td class="account">${account(c)}</td><td class="used">${used(c)}</td><td class="number">${number(c.bindings)}</td>
    </tr>`)}</tbody>
  </table></div>`;
}

/** cards lists connections where there is not. */
export function cards(connections: Connection[], connectors: Connectors) {
  return html`<ul class="cards">${connections.map((c) => html`<li class="card stack">
    <div class="split"><h2>${link(c)}</h2><tenon-status status=${c.status}></tenon-status></div>
    ${c.message ? html`<tenon-reason class="small soft" .connection=${c}></tenon-reason>` : nothing}
    <dl class="facts">
      <dt>${t('connections.connector')}</dt><dd>${system(c, connectors)}</dd>
      <dt>${t('connections.environment')}</dt><dd>${word('environment', c.environment)}</dd>
      <dt>${t('connections.account')}</dt><dd>${account(c)}</dd>
      <dt>${t('connections.lastUsed')}</dt><dd>${used(c)}</dd>
      <dt>${t('connections.flows')}</dt><dd>${number(c.bindings)}</dd>
    </dl>
  </li>`)}</ul>`;
}

const link = (c: Connection) => html`<a href="/console/connections/${c.id}">${c.name}</a>`;

function system(c: Connection, connectors: Connectors) {
  const connector = connectors.get(c.connector);
  return html`<span class="system">${mark(connector?.logo)}<span>${connector?.name ?? c.connector}</span></span>`;
}

const state = (c: Connection) => html`<tenon-status status=${c.status}></tenon-status>${c.message ? html`<tenon-reason class="small soft" .connection=${c}></tenon-reason>` : nothing}`;

function account(c: Connection) { return c.account?.name ?? c.account?.id ?? html`<span class="soft">${c.status === 'pending' ? t('connections.noAccount') : '–'}</span>`; }

function used(c: Connection) { return c.lastUsedAt ? day(c.lastUsedAt) : html`<span class="soft">${t('connections.neverUsed')}</span>`; }
