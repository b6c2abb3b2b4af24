import type { PageRoute } from '../../routes.js';

const words = { en: () => import('./en.js'), de: () => import('./de.js'), fr: () => import('./fr.js') };
const templates = { en: () => import('../templates/en.js'), de: () => import('../templates/de.js'), fr: () => import('../templates/fr.js') };

const page = (path: RegExp, tag: string, load: () => Promise<unknown>, dictionary = words): PageRoute =>
  ({ path, tag, section: 'organization', scope: 'tenants:admin', load, words: dictionary });

/** organizationPages are the addresses below /console/organization. */
export const organizationPages: PageRoute[] = [
  page(/^\/organization(\/templates)?$/, 'tenon-page-templates', () => import('../templates/templates.js'), templates),
  page(/^\/organization\/templates\/new$/, 'tenon-page-template-new', () => import('../templates/new.js'), templates),
  page(/^\/organization\/templates\/import$/, 'tenon-page-template-import', () => import('../templates/import.js'), templates),
  page(/^\/organization\/templates\/(?<id>[^/]+)$/, 'tenon-page-template', () => import('../templates/template.js'), templates),
  page(/^\/organization\/tenants$/, 'tenon-page-tenants', () => import('./tenants.js')),
  page(/^\/organization\/tenants\/(?<id>[^/]+)$/, 'tenon-page-tenant', () => import('./tenant.js')),
  page(/^\/organization\/incidents$/, 'tenon-page-incidents', () => import('./incidents.js')),
  page(/^\/organization\/kill-switches$/, 'tenon-page-kill-switches', () => import('./kill-switches.js')),
  page(/^\/organization\/sunsets$/, 'tenon-page-sunsets', () => import('./sunsets.js')),
];
