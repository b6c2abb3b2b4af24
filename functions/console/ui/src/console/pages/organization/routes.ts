import type { PageRoute } from '../../routes.js';

/** organizationPages are the addresses below /console/organization. */
export const organizationPages: PageRoute[] = [];
