// A real OAuth 2.0 and OpenID Connect server (oidc-provider, certified by the
// OpenID Foundation) for tests: in memory, on 127.0.0.1, with automatic consent,
// rotating refresh tokens whose reuse ends the grant, and behind a FaultProxy.
//
//   node server.js [--port 9400]
//
// It prints {"ready":true,"issuer":...} when it accepts connections and ends
// when its standard input is closed. It serves GET /api/me (access token),
// /api/apikey (X-Api-Key) and /api/basic besides the OAuth endpoints, and
// POST /service-account/token: grants.js without a client. Control:
//
//   GET, PATCH /_lab/config   see defaults below
//   POST /_lab/clients        register a client (OIDC client metadata)
//   POST /_lab/expire         {accountId?, clientId?, model: "AccessToken"|"RefreshToken"}
//   POST /_lab/revoke         {accountId}: the person takes the consent back
//   GET  /_lab/stats          refreshes, double refreshes, reuse, revoked grants
import http from 'node:http';
import { once } from 'node:events';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Provider, interactionPolicy } from 'oidc-provider';
import { FaultProxy, sendJSON } from './faultproxy.js';
import { registerGrants } from './grants.js';
import { MapAdapter, payloads } from './store.js';

const HOST = '127.0.0.1';
const flag = process.argv.indexOf('--port');
const port = flag > 0 ? Number(process.argv[flag + 1]) : 9400;

const config = {
  accessTokenSeconds: {}, // By client id; 3600 for the others.
  consent: 'auto', // Or "deny".
  account: 'alice',
  apiKeys: [],
  basic: { user: '', password: '' },
};
const stats = { refreshes: 0, doubleRefresh: 0, reuseDetected: 0, grantsRevoked: 0, codesReused: 0 };

const signing = await generateKeyPair('RS256', { extractable: true });
const rogue = await generateKeyPair('RS256');
const inner = http.createServer();
inner.listen(0, HOST);
await once(inner, 'listening');
const proxy = new FaultProxy({ upstream: `http://${HOST}:${inner.address().port}`, transforms: { idToken }, control });
const issuer = `http://${HOST}:${await proxy.listen(port, HOST)}`;

const oidc = new Provider(issuer, {
  adapter: MapAdapter,
  jwks: { keys: [{ ...(await exportJWK(signing.privateKey)), kid: 'lab-1', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  scopes: ['openid', 'offline_access', 'crm.read', 'crm.write'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false }, clientCredentials: { enabled: true }, introspection: { enabled: true }, revocation: { enabled: true },
    deviceFlow: { enabled: true, mask: '****-****-****' },
  },
  interactions: { policy: interactionPolicy.base(), url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  rotateRefreshToken: () => true,
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: (ctx, token, client) => config.accessTokenSeconds[client.clientId] ?? 3600,
    ClientCredentials: () => 600, RefreshToken: () => 14 * 86400, AuthorizationCode: () => 60,
    IdToken: () => 3600, Interaction: () => 600, Session: () => 86400, Grant: () => 90 * 86400,
  },
  findAccount: async (ctx, id) => ({
    accountId: id, claims: async () => ({ sub: id, email: `${id}@example.test`, email_verified: true, name: id }),
  }),
  renderError: async (ctx, out) => { ctx.type = 'json'; ctx.body = out; },
});
const { subjects, serviceAccount } = registerGrants(oidc);
oidc.on('grant.revoked', () => { stats.grantsRevoked += 1; });
oidc.on('grant.error', (ctx, error) => {
  if (/already used/.test(error.error_detail ?? '')) stats.reuseDetected += 1;
  if (/authorization code already consumed/.test(error.error_detail ?? '')) stats.codesReused += 1;
});
oidc.on('server_error', (ctx, error) => console.error('server_error', error.message));

// Consent without a person: the account is the one of login_hint, or config's.
async function interact(req, res) {
  const details = await oidc.interactionDetails(req, res);
  if (config.consent === 'deny') {
    await oidc.interactionFinished(req, res, { error: 'access_denied', error_description: 'End-User denied the request' });
    return;
  }
  if (details.prompt.name === 'login') {
    const accountId = details.params.login_hint ?? config.account;
    await oidc.interactionFinished(req, res, { login: { accountId } }, { mergeWithLastSubmission: false });
    return;
  }
  const grant = details.grantId ? await oidc.Grant.find(details.grantId)
    : new oidc.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(String(details.params.scope ?? ''));
  if (details.prompt.details.missingOIDCClaims) grant.addOIDCClaims(details.prompt.details.missingOIDCClaims);
  await oidc.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

// same compares in constant time.
function same(a, b) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

async function api(req, res, path) {
  const { authorization = '', 'x-api-key': key = '' } = req.headers;
  if (path === '/api/apikey' && config.apiKeys.some((known) => same(known, key))) return sendJSON(res, { id: 'key-owner' });
  const pair = Buffer.from(`${config.basic.user}:${config.basic.password}`).toString('base64');
  if (path === '/api/basic' && config.basic.user && same(`Basic ${pair}`, authorization)) return sendJSON(res, { id: config.basic.user });
  const [, bearer] = /^Bearer (.+)$/.exec(authorization) ?? [];
  const token = path === '/api/me' && bearer && ((await oidc.AccessToken.find(bearer)) ?? (await oidc.ClientCredentials.find(bearer)));
  if (token && !token.isExpired) return sendJSON(res, { id: token.accountId ?? subjects.get(bearer) ?? token.clientId, scope: token.scope });
  return sendJSON(res, { error: 'unauthorized' }, 401);
}

const callback = oidc.callback();
inner.on('request', (req, res) => {
  const { pathname } = new URL(req.url, issuer);
  const fail = (error) => { if (!res.headersSent) sendJSON(res, { error: error.message }, 400); };
  if (pathname.startsWith('/interaction/')) interact(req, res).catch(fail);
  else if (pathname.startsWith('/api/')) api(req, res, pathname).catch(fail);
  else if (pathname === '/service-account/token') serviceAccount(req, res).catch(fail);
  else callback(req, res);
});

// Two refreshes of one token that reach the library at the same moment both
// pass its check, so they are put in a row here, and counted: a client that
// sends two has no working lock.
const refreshing = new Map();
const forward = proxy.forward.bind(proxy);
proxy.forward = async (req, url, body) => {
  const form = new URLSearchParams(url.pathname === '/token' ? body.toString() : '');
  const token = form.get('refresh_token');
  if (form.get('grant_type') !== 'refresh_token' || !token) return forward(req, url, body);
  stats.refreshes += 1;
  const before = refreshing.get(token);
  if (before) stats.doubleRefresh += 1;
  const run = () => forward(req, url, body);
  const current = before ? before.then(run, run) : run();
  refreshing.set(token, current);
  try {
    return await current;
  } finally {
    if (refreshing.get(token) === current) refreshing.delete(token);
  }
};

// idToken changes claims of an id_token and signs it again: with the real key,
// or with one that is not published (sign: "rogue").
async function idToken({ resp }, action) {
  const answer = JSON.parse(resp.body.toString());
  const key = action.sign === 'rogue' ? rogue.privateKey : signing.privateKey;
  const header = decodeProtectedHeader(answer.id_token);
  answer.id_token = await new SignJWT({ ...decodeJwt(answer.id_token), ...action.claims }).setProtectedHeader(header).sign(key);
  resp.body = Buffer.from(JSON.stringify(answer));
}

async function control(req, res, body, url) {
  if (!url.pathname.startsWith('/_lab/')) return false;
  const given = JSON.parse(body.toString() || '{}');
  const chosen = (payload) => (!given.accountId || payload.accountId === given.accountId) && (!given.clientId || payload.clientId === given.clientId);
  switch (`${req.method} ${url.pathname.slice('/_lab/'.length)}`) {
    case 'GET config': return sendJSON(res, config);
    case 'PATCH config':
      given.accessTokenSeconds = { ...config.accessTokenSeconds, ...given.accessTokenSeconds };
      return sendJSON(res, Object.assign(config, given));
    case 'POST clients':
      await new MapAdapter('Client').upsert(given.client_id, given);
      return sendJSON(res, {}, 201);
    case 'POST expire': {
      const tokens = payloads(given.model).filter(chosen);
      for (const token of tokens) token.exp = Math.floor(Date.now() / 1000) - 1;
      return sendJSON(res, { expired: tokens.length });
    }
    case 'POST revoke': {
      const grants = payloads('Grant').filter(chosen);
      for (const grant of grants) {
        await new MapAdapter('').revokeByGrantId(grant.jti);
        await new MapAdapter('Grant').destroy(grant.jti);
      }
      return sendJSON(res, { revoked: grants.length });
    }
    case 'GET stats': return sendJSON(res, stats);
    default: return sendJSON(res, { error: 'not found' }, 404);
  }
}

process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ ready: true, issuer }));
