import { html } from 'lit';
import { translator } from '../../../words/words.js';
import type { Context } from '../../context.js';

const t = translator();

/** copyButton puts a text that is no secret onto the clipboard. */
export function copyButton(context: Context, text: string, what: string) {
  const copy = () => navigator.clipboard.writeText(text).then(() => context.say(t('action.copied')), () => context.say(t('problem.unexpected')));
  return html`<button type="button" aria-label="${t('action.copy')}: ${what}" @click=${copy}>${t('action.copy')}</button>`;
}
