import { tabs } from '../../../parts/tabs.js';
import { translator } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

/** settingsTabs draws the navigation of the settings. */
export function settingsTabs(current: '' | '/webhooks' | '/signing-keys') {
  return tabs(t('nav.settings'), `/console/settings${current}`, [
    { path: '/console/settings', name: t('settings.general') },
    { path: '/console/settings/webhooks', name: t('settings.webhooks') },
    { path: '/console/settings/signing-keys', name: t('settings.signingKeys') },
  ]);
}
