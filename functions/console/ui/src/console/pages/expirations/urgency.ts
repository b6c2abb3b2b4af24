import type { Schemas } from '../../../api/client.js';
import type { Context } from '../../context.js';

export type Expiration = Schemas['Expiration'];

/** Urgency is how soon something ends. */
export type Urgency = 'ended' | 'week' | 'month' | 'later';
export const urgencies: Urgency[] = ['ended', 'week', 'month', 'later'];

/** urgencyOf puts a date into its group. */
export function urgencyOf({ daysLeft }: Expiration): Urgency {
  if (daysLeft < 0) return 'ended';
  if (daysLeft <= 7) return 'week';
  return daysLeft <= 30 ? 'month' : 'later';
}

/** placeOf is the page where something can be done about a date, for a token that may see it. */
export function placeOf({ kind, resourceId, connector }: Expiration, context: Context): string | undefined {
  switch (kind) {
    case 'client_secret':
      return context.person.home === 'org' && context.may('tenants:admin') ? '/console/organization/templates' : undefined;
    case 'signing_key':
      return context.may('settings:read') ? '/console/settings/signing-keys' : undefined;
    case 'sunset':
      return `/console/catalog/${connector ?? resourceId}`;
    default:
      return `/console/connections/${resourceId}`;
  }
}
