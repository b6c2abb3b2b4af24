import type { Schemas } from '../../api/client.js';

type Scheme = Schemas['AuthScheme'];
type Template = Schemas['Template'];

/** usable reports whether a tenant's person can connect through a template now. */
export function usable(template: Template, tenant: string): boolean {
  return !template.missing?.length && !supplied(template, tenant);
}

/** supplied reports whether the organization brings the account, so that a tenant has nothing to enter. */
export function supplied(template: Template, tenant: string): boolean {
  return tenant !== 'org' && (template.credentials === 'organization' || template.suppliedBy === 'organization');
}

/** signsIn reports whether a person goes through pages of the system, rather than entering something here. */
export function signsIn(scheme: Scheme): boolean {
  return ['oauth2_authorization_code', 'oauth2_device_code', 'oauth1'].includes(scheme.type) && !scheme.fields?.length;
}

/** inherited names the inputs that the template gives to every connection. */
export function inherited(template: Template): string[] {
  return (template.fields ?? []).filter((f) => f.from === 'global').map((f) => f.name);
}
