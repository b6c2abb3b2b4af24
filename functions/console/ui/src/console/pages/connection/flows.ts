import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { translator } from '../../../words/words.js';
import type { Context } from '../../context.js';
import type en from './en.js';

const t = translator<typeof en>();

/** flowName names a flow, as a link where it is one of the tenant that is shown. */
export function flowName(context: Context, use: Pick<Schemas['FlowUse'], 'flowId' | 'tenant'>) {
  const foreign = use.tenant && use.tenant !== context.tenant;
  if (foreign) return html`<code>${use.tenant}/${use.flowId}</code>`;
  return context.may('flows:read') ? html`<a href="/console/flows/${use.flowId}">${use.flowId}</a>` : html`<code>${use.flowId}</code>`;
}

/** flowList lists uses of the connection by flows. */
export function flowList(context: Context, uses: readonly Schemas['FlowUse'][] | null | undefined) {
  return html`<ul class="rows">${(uses ?? []).map((use) => html`<li>
    <div class="between"><span>${flowName(context, use)} <span class="soft small">${t('connection.slot', { slot: use.slot })}</span></span>
      <span class="chip">${use.active ? t('connection.flowActive') : t('connection.flowPaused')}</span></div>
    ${use.scopes?.length ? html`<p class="small soft">${t('connection.flowNeeds', { scopes: use.scopes.join(', ') })}</p>` : nothing}
  </li>`)}</ul>`;
}
