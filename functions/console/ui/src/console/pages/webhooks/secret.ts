import { html } from 'lit';
import '../../../parts/copy.js';
import { moment, translator } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

/** secretShown draws the secret of an endpoint, once: done forgets it. */
export function secretShown(secret: string, previousUntil: string | undefined, done: () => void) {
  return html`<section class="note warn stack" aria-labelledby="secret-title">
    <h2 id="secret-title" tabindex="-1">${t('webhooks.secret')}</h2>
    <p>${t('webhooks.secretText')}</p>
    <div class="bar"><code>${secret}</code><tenon-copy .text=${secret} what=${t('webhooks.secret')}></tenon-copy></div>
    ${previousUntil ? html`<p>${t('webhooks.previous', { until: moment(previousUntil) })}</p>` : ''}
    <div><button type="button" @click=${done}>${t('webhooks.secretDone')}</button></div>
  </section>`;
}
