import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Schemas } from '../../../api/client.js';
import { base } from '../../../look/controls.js';
import { Worded } from '../../../parts/worded.js';
import { chosen, translator } from '../../../words/words.js';
import en from './en.js';
import { words } from './words.js';

const t = translator<typeof en>();

/** TenonReason is why a connection has its status, in one sentence: that of the API, or the same in another language. */
@customElement('tenon-reason')
export class TenonReason extends Worded {
  static override styles = [...base, css`:host { display: block; font: inherit; color: inherit; }`];

  @property({ attribute: false }) connection?: Pick<Schemas['Connection'], 'message' | 'missingScopes' | 'reason'>;

  protected override readonly dictionary = words;

  override render() {
    const c = this.connection;
    if (!c?.message || !this.spoken) return nothing;
    return html`${chosen() === 'en' ? c.message : translated(c.reason ?? '', c.missingScopes ?? []) ?? c.message}`;
  }
}

function translated(reason: string, missing: readonly string[]): string | undefined {
  if (reason === 'permissions' && missing.length) return t('reason.scopes', { scopes: missing.join(', ') });
  const key = `reason.${reason}`;
  return key in en ? t(key as keyof typeof en) : undefined;
}

declare global {
  interface HTMLElementTagNameMap { 'tenon-reason': TenonReason }
}
