// The grants of RFC 7523 (JWT bearer) and RFC 8693 (token exchange), which the
// library leaves to its users. Package jose verifies what is signed, with the
// keys the client registered.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { errors } from 'oidc-provider';
import { readBody, sendJSON } from './faultproxy.js';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'urn:ietf:params:oauth:token-type:';

// registerGrants adds the grants. It returns whom their tokens speak for, and the
// handler of a token endpoint at which an assertion is all there is: its issuer
// is the client.
export function registerGrants(oidc) {
  const subjects = new Map(); // By access token.

  // verified returns the claims of an assertion (RFC 7523 3) that was not shown before.
  async function verified(client, assertion, audience, Refusal = errors.InvalidGrant) {
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.jwks), {
        issuer: client.clientId, audience, algorithms: ['RS256', 'PS256', 'ES256'], typ: 'JWT',
        requiredClaims: ['iat', 'exp', 'jti'], clockTolerance: 5,
      });
      if (typeof payload.aud !== 'string') throw new Error('more than one audience');
      if (payload.exp - payload.iat > 3600) throw new Error('lives longer than an hour');
      if (!await oidc.ReplayDetection.unique(payload.iss, payload.jti, payload.exp + 5)) throw new Error('was shown before');
      return payload;
    } catch (cause) {
      throw new Refusal(`the assertion is refused: ${cause.message}`);
    }
  }

  async function issue(client, payload, scope) {
    const token = new oidc.ClientCredentials({ client, scope: scope ?? payload.scope });
    const value = await token.save();
    subjects.set(value, payload.sub ?? payload.iss);
    return { access_token: value, token_type: 'Bearer', expires_in: token.expiration, scope: token.scope };
  }

  const audiences = () => [oidc.issuer, `${oidc.issuer}/token`];

  oidc.registerGrantType(JWT_BEARER, async (ctx) => {
    const { client, params } = ctx.oidc;
    ctx.body = await issue(client, await verified(client, params.assertion, audiences()), params.scope);
  }, ['assertion', 'scope']);

  // statedBy returns the claims of a subject or actor token, which RFC 8693 2.2.2
  // wants refused with invalid_request.
  async function statedBy(client, token, type) {
    if (type === `${TYPE}jwt`) return verified(client, token, audiences(), errors.InvalidRequest);
    const found = type === `${TYPE}access_token` && ((await oidc.AccessToken.find(token)) ?? (await oidc.ClientCredentials.find(token)));
    if (!found || found.isExpired) throw new errors.InvalidRequest('the token is refused');
    return { sub: found.accountId ?? subjects.get(token) ?? found.clientId, scope: found.scope };
  }

  oidc.registerGrantType(EXCHANGE, async (ctx) => {
    const { client, params } = ctx.oidc;
    if (params.audience && params.audience !== 'api') throw new errors.InvalidTarget();
    const subject = await statedBy(client, params.subject_token, params.subject_token_type);
    if (params.actor_token) await statedBy(client, params.actor_token, params.actor_token_type);
    ctx.body = { ...(await issue(client, subject, params.scope)), issued_token_type: `${TYPE}access_token` };
  }, ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type', 'audience', 'resource', 'scope']);

  async function serviceAccount(req, res) {
    const form = new URLSearchParams((await readBody(req)).toString());
    try {
      if (form.get('grant_type') !== JWT_BEARER) throw new errors.UnsupportedGrantType();
      const assertion = form.get('assertion') ?? '';
      const { iss } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString() || '{}');
      const client = iss && (await oidc.Client.find(iss));
      if (!client) throw new errors.InvalidGrant('the issuer is not known');
      sendJSON(res, await issue(client, await verified(client, assertion, `${oidc.issuer}/service-account/token`)));
    } catch (error) {
      sendJSON(res, { error: error.error ?? 'invalid_request', error_description: error.error_description }, 400);
    }
  }

  return { subjects, serviceAccount };
}
