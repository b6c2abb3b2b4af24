import { translator } from '../../../words/words.js';
import type en from './en.js';
import { byHandoff, type Opened, renewal, schemeOf, type Shown } from './section.js';

const t = translator<typeof en>();

/** renewalText is the name of the button that gets the connection another credential. */
export function renewalText(shown: Shown): string {
  const first = !shown.connection.credential;
  if (byHandoff(shown)) return first ? t('action.connect') : t('remedy.reconnect');
  return first ? t('connection.give') : t('connection.replace');
}

/** remedyOf is what the one button does that ends the trouble: a dialog, or a check. */
export function remedyOf(shown: Shown): { open?: Opened; text: string } | undefined {
  const { connection: c } = shown;
  switch (c.remedy) {
    case 'reconnect':
      // What was saved and never used is what the connection waits for.
      if (!c.credential && c.pendingCredential) return { open: 'promote', text: t('connection.promote') };
      return { open: renewal(shown), text: c.credential ? t('remedy.reconnect') : t('action.connect') };
    case 'retry':
      return { text: t('remedy.retry') };
    case 'fix_input':
      if (c.reason === 'account_required') return { open: 'account', text: t('connection.chooseAccount') };
      return { open: schemeOf(shown)?.inputs?.length ? 'edit' : renewal(shown), text: t('remedy.fix_input') };
    case 'grant_permissions':
      return { open: byHandoff(shown) ? 'scopes' : renewal(shown), text: t('remedy.grant_permissions') };
    default:
      return undefined;
  }
}
