import type { Dictionary } from '../words/words.js';
import { organizationPages } from './pages/organization/routes.js';
import { settingsPages } from './pages/settings/routes.js';

/** Section is one entry of the navigation. */
export type Section = 'connectors' | 'catalog' | 'flows' | 'expirations' | 'audit' | 'settings' | 'organization';

/** PageRoute says which element shows an address, and what has to be loaded for it. */
export interface PageRoute {
  path: RegExp;
  tag: string;
  section: Section;
  load: () => Promise<unknown>;
  words: Dictionary;
  /** The scope without which the section is not shown. */
  scope: string;
}

/** sections are the navigation, in its order, with the scope each needs. */
export const sections: { section: Section; scope: string }[] = [
  { section: 'connectors', scope: 'connections:read' },
  { section: 'catalog', scope: 'connections:read' },
  { section: 'flows', scope: 'flows:read' },
  { section: 'expirations', scope: 'connections:read' },
  { section: 'audit', scope: 'audit:read' },
  { section: 'settings', scope: 'settings:read' },
  { section: 'organization', scope: 'tenants:admin' },
];

const catalogWords: Dictionary = { en: () => import('./pages/catalog/en.js'), de: () => import('./pages/catalog/de.js'), fr: () => import('./pages/catalog/fr.js') };

/** pages are the addresses below /console; the first that matches is shown. */
export const pages: PageRoute[] = [
  {
    path: /^\/connectors$/, tag: 'tenon-page-connectors', section: 'connectors', scope: 'connections:read', load: () => import('./pages/connectors/connectors.js'),
    words: { en: () => import('./pages/connectors/en.js'), de: () => import('./pages/connectors/de.js'), fr: () => import('./pages/connectors/fr.js') },
  },
  {
    path: /^\/catalog$/, tag: 'tenon-page-catalog', section: 'catalog', scope: 'connections:read', load: () => import('./pages/catalog/catalog.js'), words: catalogWords,
  },
  {
    path: /^\/catalog\/(?<connector>[a-z0-9-]+)$/, tag: 'tenon-page-catalog-entry', section: 'catalog', scope: 'connections:read', load: () => import('./pages/catalog/entry.js'), words: catalogWords,
  },
  {
    path: /^\/add\/(?<connector>[a-z0-9-]+)$/, tag: 'tenon-page-add', section: 'catalog', scope: 'connections:write', load: () => import('./pages/add/add.js'),
    words: { en: () => import('./pages/add/en.js'), de: () => import('./pages/add/de.js'), fr: () => import('./pages/add/fr.js') },
  },
  {
    path: /^\/connections$/, tag: 'tenon-page-connections', section: 'connectors', scope: 'connections:read', load: () => import('./pages/connections/connections.js'),
    words: { en: () => import('./pages/connections/en.js'), de: () => import('./pages/connections/de.js'), fr: () => import('./pages/connections/fr.js') },
  },
  {
    path: /^\/connections\/(?<id>con_[0-9A-Z]{26})$/, tag: 'tenon-page-connection', section: 'connectors', scope: 'connections:read', load: () => import('./pages/connection/connection.js'),
    words: { en: () => import('./pages/connection/en.js'), de: () => import('./pages/connection/de.js'), fr: () => import('./pages/connection/fr.js') },
  },
  {
    path: /^\/flows$/, tag: 'tenon-page-flows', section: 'flows', scope: 'flows:read', load: () => import('./pages/flows/flows.js'),
    words: { en: () => import('./pages/flows/en.js'), de: () => import('./pages/flows/de.js'), fr: () => import('./pages/flows/fr.js') },
  },
  {
    path: /^\/flows\/(?<id>[^/]+)$/, tag: 'tenon-page-flow', section: 'flows', scope: 'flows:read', load: () => import('./pages/flows/flow.js'),
    words: { en: () => import('./pages/flows/en.js'), de: () => import('./pages/flows/de.js'), fr: () => import('./pages/flows/fr.js') },
  },
  {
    path: /^\/expirations$/, tag: 'tenon-page-expirations', section: 'expirations', scope: 'connections:read', load: () => import('./pages/expirations/expirations.js'),
    words: { en: () => import('./pages/expirations/en.js'), de: () => import('./pages/expirations/de.js'), fr: () => import('./pages/expirations/fr.js') },
  },
  {
    path: /^\/audit$/, tag: 'tenon-page-audit', section: 'audit', scope: 'audit:read', load: () => import('./pages/audit/audit.js'),
    words: { en: () => import('./pages/audit/en.js'), de: () => import('./pages/audit/de.js'), fr: () => import('./pages/audit/fr.js') },
  },
  ...settingsPages,
  ...organizationPages,
];

/** find returns the page of an address, with the parameters in it. */
export function find(pathname: string): { route: PageRoute; params: Record<string, string> } | undefined {
  const path = pathname.replace(/^\/console/, '').replace(/\/$/, '') || '/connectors';
  for (const route of pages) {
    const match = route.path.exec(path);
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
