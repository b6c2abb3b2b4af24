// The API, for what a test finds already there.

import { canary, crmURL, keepAnswer, tenonURL, token } from './control.js';

/**
 * A caller of the API for a tenant; 'org' is the organization. Without scopes it
 * has all of them.
 */
export async function caller(tenant, { subject, scopes } = {}) {
  const bearer = await token({ tenant, subject, scopes });
  return {
    get: (path) => exchange(bearer, 'GET', path),
    post: (path, body, headers) => exchange(bearer, 'POST', path, body, headers),
    put: (path, body, headers) => exchange(bearer, 'PUT', path, body, headers),
    patch: (path, body, headers) => exchange(bearer, 'PATCH', path, body, headers),
    delete: (path, headers) => exchange(bearer, 'DELETE', path, undefined, headers),
  };
}

/** Creates the tenant and returns a caller of it. That of a run before, which failed, is taken over. */
export async function createTenant(id, name = `Tenant ${id}`) {
  const organization = await caller('org');
  await organization.post('/v1/tenants', { id, name }, { 'idempotency-key': `browser-${id}` });
  return caller(id);
}

/** Creates the organization's template of the demo CRM with one of its schemes. */
export async function createCRMTemplate(key, scheme = 'oauth2_authorization_code', more = {}) {
  const template = { connector: 'demo-crm', name: `CRM ${key}`, stableKey: key, authScheme: scheme, inputs: { baseUrl: crmURL }, ...more };
  if (scheme.startsWith('oauth2_')) {
    Object.assign(template, { clientId: 'tenon-dev', clientSecret: await clientSecret(), scopes: ['crm.read', 'crm.write'] });
  }
  const organization = await caller('org');
  return organization.post('/v1/templates', template, { 'idempotency-key': `browser-${key}` });
}

/** Creates a pending connection. */
export function createConnection(tenant, templateId, name) {
  return tenant.post('/v1/connections', { templateId, name });
}

/** Mints a connect session for user-42 and returns {sessionId, url, expiresAt}. */
export async function createConnectSession(tenant, session) {
  const link = await tenant.post('/v1/connect-sessions', { endUser: 'user-42', ...session });
  await canary('ticket', new URL(link.url).searchParams.get('ticket'));
  return link;
}

/** A new API key of the demo CRM. */
export async function newKey() {
  const response = await fetch(`${crmURL}/api/keys`, { method: 'POST', body: '{}' });
  return canary('API key', (await response.json()).key);
}

async function clientSecret() {
  const page = await (await fetch(`${crmURL}/`)).text();
  return canary('client secret', page.match(/id="client-secret">([^<]+)</)[1]);
}

async function exchange(bearer, method, path, body, headers = {}) {
  const response = await fetch(tenonURL + path, {
    method, body: body && JSON.stringify(body), redirect: 'manual',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
  });
  const text = await response.text();
  await keepAnswer({ method, url: tenonURL + path, status: response.status, headers: [...response.headers], body: text });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
