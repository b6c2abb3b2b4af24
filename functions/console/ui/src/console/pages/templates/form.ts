import type { Schemas } from '../../../api/client.js';
import { lines } from '../../../parts/field.js';

type Template = Schemas['Template'];
export type Scheme = Schemas['AuthScheme'];

/** Typed is what the form shows of a template, as it is typed; the client secret is in its field alone. */
export interface Typed {
  name: string;
  stableKey: string;
  authScheme: string;
  embedded: boolean;
  credentials: 'customer' | 'organization';
  suppliedBy: 'customer' | 'organization';
  /** Those of the scheme that are chosen. */
  scopes: string[];
  /** Others, one a line. */
  more: string;
  /** Values of the inputs that are the same for every connection. */
  inputs: Record<string, string>;
  clientId: string;
  /** The day the client secret ends. */
  secretEnds: string;
  keepPrevious: boolean;
}

/** blank is the form of a new template for a scheme: required scopes are chosen. */
export function blank(connector: Schemas['Connector'], scheme: Scheme | undefined): Typed {
  return {
    name: connector.name, stableKey: connector.id, authScheme: scheme?.id ?? '', embedded: true, credentials: 'customer', suppliedBy: 'customer',
    scopes: (scheme?.scopes ?? []).filter((s) => s.required).map((s) => s.name), more: '',
    inputs: Object.fromEntries((scheme?.inputs ?? []).filter((i) => i.global).map((i) => [i.name, i.default ?? ''])), clientId: '', secretEnds: '', keepPrevious: false,
  };
}

/** typed is the form of a template. */
export function typed(template: Template, scheme: Scheme | undefined): Typed {
  const offered = new Set((scheme?.scopes ?? []).map((s) => s.name));
  const scopes = template.scopes ?? [];
  return {
    name: template.name, stableKey: template.stableKey, authScheme: template.authScheme, embedded: template.embedded, credentials: template.credentials, suppliedBy: template.suppliedBy,
    scopes: scopes.filter((s) => offered.has(s)), more: scopes.filter((s) => !offered.has(s)).join('\n'), inputs: { ...template.inputs },
    clientId: template.clientId ?? '', secretEnds: template.clientSecret?.expiresAt?.slice(0, 10) ?? '', keepPrevious: false,
  };
}

/** scopesOf are the scopes that the form says. */
export function scopesOf(f: Typed): string[] { return [...f.scopes, ...lines(f.more)]; }

/** created is the new template that the form says. */
export function created(f: Typed, connector: string, clientSecret: string): Schemas['TemplateCreate'] {
  return {
    connector, name: f.name.trim(), stableKey: f.stableKey.trim(), authScheme: f.authScheme, embedded: f.embedded, credentials: f.credentials, suppliedBy: f.suppliedBy,
    scopes: scopesOf(f), inputs: f.inputs,
    ...(f.clientId.trim() ? { clientId: f.clientId.trim() } : {}), ...(clientSecret ? { clientSecret } : {}), ...(f.secretEnds ? { clientSecretExpiresAt: `${f.secretEnds}T00:00:00Z` } : {}),
  };
}

/** changed is what the form says otherwise than the template; what stays is absent. */
export function changed(f: Typed, of: Template, scheme: Scheme | undefined, clientSecret: string): Schemas['TemplateUpdate'] {
  const was = typed(of, scheme);
  const change: Schemas['TemplateUpdate'] = {};
  if (f.name.trim() !== was.name) change.name = f.name.trim();
  if (f.embedded !== was.embedded) change.embedded = f.embedded;
  if (f.credentials !== was.credentials) change.credentials = f.credentials;
  if (f.suppliedBy !== was.suppliedBy) change.suppliedBy = f.suppliedBy;
  if (same(scopesOf(f)) !== same(scopesOf(was))) change.scopes = scopesOf(f);
  if (same(Object.entries(f.inputs)) !== same(Object.entries(was.inputs))) change.inputs = f.inputs;
  if (f.clientId.trim() !== was.clientId) change.clientId = f.clientId.trim();
  if (clientSecret) change.clientSecret = clientSecret;
  if (f.secretEnds && (f.secretEnds !== was.secretEnds)) change.clientSecretExpiresAt = `${f.secretEnds}T00:00:00Z`;
  if (f.keepPrevious && (change.clientId !== undefined || clientSecret)) change.keepPrevious = true;
  return change;
}

function same(list: unknown[]): string { return JSON.stringify(list.map((item) => JSON.stringify(item)).sort()); }
