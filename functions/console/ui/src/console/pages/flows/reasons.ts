import { html, nothing } from 'lit';
import { translator, word } from '../../../words/words.js';
import { type Flow, sides } from './directory.js';
import type en from './en.js';

const t = translator<typeof en>();

/** slotName is what people call a binding. */
export function slotName(slot: string): string { return word('flows.slot', slot); }

/** stateChip says whether a flow runs. */
export function stateChip(flow: Flow) {
  return html`<span class="chip">${word('flows.state', flow.state)}</span>`;
}

/** readiness says whether a flow could run now, and if not what is in the way. */
export function readiness(flow: Flow) {
  if (flow.ready === undefined) return nothing;
  if (flow.ready) return html`<p class="small soft">${t('flows.ready')}</p>`;
  return html`<div class="note warn small"><p><strong>${t(flow.state === 'active' ? 'flows.notReadyActive' : 'flows.notReady')}</strong></p>
    <ul>${reasons(flow).map((r) => html`<li>${r}</li>`)}</ul></div>`;
}

/** reasons are what is in the way of a flow that is not ready, one sentence each. */
function reasons(flow: Flow): string[] {
  const found = sides(flow).flatMap((b) => {
    const slot = slotName(b.slot);
    if (!b.connectionId) return [t('flows.why.unbound', { slot })];
    if (!b.status) return [t('flows.why.gone', { slot })];
    return b.status === 'active' ? [] : [t('flows.why.status', { slot, status: word('status', b.status) })];
  });
  return found.length ? found : [t('flows.why.other')];
}
