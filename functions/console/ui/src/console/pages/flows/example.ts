import { html } from 'lit';
import { translator } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

const request = `PUT /v1/flows/contact-sync
{
  "name": "Contact sync",
  "kind": "sync",
  "state": "paused",
  "bindings": [
    { "slot": "source", "connector": "hubspot" },
    { "slot": "destination", "connector": "salesforce" }
  ]
}`;

/** example says where flows come from, as long as there are none. */
export function example() {
  return html`<div class="empty">
    <h2>${t('flows.empty')}</h2>
    <p class="soft">${t('flows.emptyLead')}</p>
    <pre class="example"><code>${request}</code></pre>
  </div>`;
}
