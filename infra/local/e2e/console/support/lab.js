// The certified OAuth server, which has no pages: it agrees as the account that it
// is set to (alice), and sends the browser back.

import { canary, labIssuer } from './control.js';
import { caller } from './tenon.js';

/** Creates the organization's template of an OpenID provider, with a client of its own at the server. */
export async function createLabTemplate(key, more = {}) {
  const organization = await caller('org');
  const clientSecret = await canary('client secret', `canary-${crypto.randomUUID()}`);
  const template = await organization.post('/v1/templates', {
    connector: 'custom-oidc', name: `Lab ${key}`, stableKey: key, authScheme: 'oauth2_authorization_code',
    inputs: { issuer: labIssuer, baseUrl: `${labIssuer}/api` }, clientId: key, clientSecret, ...more,
  });
  await controlLab('POST', '/_lab/clients', {
    client_id: key, client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [template.redirectUri], response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'], scope: 'openid offline_access crm.read',
  });
  return template;
}

/** Sends JSON to the server's control API: /_lab/… and /_fault/…, see lab/server.js. */
export async function controlLab(method, path, body) {
  const response = await fetch(labIssuer + path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}
