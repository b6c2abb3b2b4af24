import type { PageRoute } from '../../routes.js';

const words = { en: () => import('./en.js'), de: () => import('./de.js'), fr: () => import('./fr.js') };
const hooks = { en: () => import('../webhooks/en.js'), de: () => import('../webhooks/de.js'), fr: () => import('../webhooks/fr.js') };

/** settingsPages are the addresses below /console/settings. */
export const settingsPages: PageRoute[] = [
  { path: /^\/settings$/, tag: 'tenon-page-settings', section: 'settings', scope: 'settings:read', load: () => import('./settings.js'), words },
  { path: /^\/settings\/signing-keys$/, tag: 'tenon-page-signing-keys', section: 'settings', scope: 'settings:read', load: () => import('./signing-keys.js'), words },
  { path: /^\/settings\/webhooks$/, tag: 'tenon-page-webhooks', section: 'settings', scope: 'settings:read', load: () => import('../webhooks/webhooks.js'), words: hooks },
  { path: /^\/settings\/webhooks\/(?<id>[^/]+)$/, tag: 'tenon-page-webhook', section: 'settings', scope: 'settings:read', load: () => import('../webhooks/webhook.js'), words: hooks },
];
