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

/** pages are the addresses below /console; the first that matches is shown. */
export const pages: PageRoute[] = [
  {
    path: /^\/connectors$/, tag: 'tenon-page-connectors', section: 'connectors', scope: 'connections:read', load: () => import('./pages/connectors/connectors.js'),
    words: { en: () => import('./pages/connectors/en.js'), de: () => import('./pages/connectors/de.js'), fr: () => import('./pages/connectors/fr.js') },
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
