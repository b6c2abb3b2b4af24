import { html } from 'lit';
import type { Schemas } from '../../../api/client.js';
import { moment, translator, word } from '../../../words/words.js';
import '../../../elements/status.js';
import type en from './en.js';

const t = translator<typeof en>();

/** endpointState draws whether an endpoint is sent to. */
export function endpointState(e: Schemas['WebhookEndpoint']) {
  return html`<tenon-status status=${!e.enabled ? 'disabled' : e.failingSince ? 'degraded' : 'active'}></tenon-status>`;
}

/** endpointNote says why an endpoint is not sent to, or for how long it has failed. */
export function endpointNote(e: Schemas['WebhookEndpoint']) {
  if (!e.enabled && e.disabledReason) return html`<p class="note warn">${word('webhooks.disabled', e.disabledReason)} ${e.disabledAt ? moment(e.disabledAt) : ''}</p>`;
  if (e.enabled && e.failingSince) return html`<p class="note warn">${t('webhooks.failing', { since: moment(e.failingSince) })}</p>`;
  return '';
}
