import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { connectionFetch, createClient } from '@tenonhq/tenon';
import { problem, serve } from './server.js';

/**
 * started returns a fetch of a connection to a system that answers so. The lease of
 * version n is what lease returns for n and the request; the system is at base/api.
 */
async function started(t, answer, lease = () => ({}), options = {}) {
  const system = await serve(t, answer);
  const service = await serve(t, async ({ body }, n) => {
    const more = await lease(n, JSON.parse(body));
    return Array.isArray(more) ? more : [200, {
      leaseId: `lea_${n}`, connectionId: 'con_1', connector: 'demo-crm', credentialVersion: 1, tokenVersion: n, refreshed: false,
      baseUrl: `${system.base}/api`, headers: { authorization: `Bearer t${n}`, 'x-key': `k${n}` }, ...more,
    }];
  });
  const tenon = createClient({ baseUrl: service.base, token: 'token-1', tries: 1 });
  return { crm: connectionFetch(tenon, 'con_1', { purpose: 'sync', ...options }), system, service, leases: () => service.seen.map(({ body }) => JSON.parse(body)) };
}

const ok = () => [200, { ok: true }];
/** refuses answers 401 to the credentials of the leases before n. */
const refuses = (n) => ({ headers }) => (Number(headers['x-key']?.slice(1)) < n ? problem(401, 'unauthenticated') : [200, { ok: true }]);

test('a request has the credential, below the base URL', async (t) => {
  const { crm, system, leases } = await started(t, ok, () => ({ query: { key: 'q' } }), { environment: 'test' });
  const response = await crm('contacts?limit=5', { method: 'POST', body: '{}', headers: { Authorization: 'mine', 'content-type': 'application/json' } });
  assert.deepEqual(await response.json(), { ok: true });
  const [{ method, url, headers, body }] = system.seen;
  assert.deepEqual([method, url, body, headers.authorization, headers['x-key']], ['POST', '/api/contacts?limit=5&key=q', '{}', 'Bearer t1', 'k1']);
  assert.equal(response.url, `${system.base}/api/contacts?limit=5`, 'the answer does not show the credential');
  assert.deepEqual(leases(), [{ purpose: 'sync', environment: 'test' }]);
  await crm(new Request(`${system.base}/elsewhere`, { method: 'PUT', body: 'x' }));
  assert.deepEqual([system.seen[1].method, system.seen[1].url, system.seen[1].body], ['PUT', '/elsewhere?key=q', 'x']);
});

test('callers share a lease', async (t) => {
  const { crm, leases } = await started(t, ok);
  await Promise.all([crm('a'), crm('b')]);
  await crm('c');
  assert.equal(leases().length, 1);
});

test('a lease ends before the credential does', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  t.after(() => mock.timers.reset());
  const { crm, leases } = await started(t, ok, () => ({ expiresAt: new Date(Date.now() + 120_000).toISOString() }));
  await crm('a');
  mock.timers.tick(89_000);
  await crm('a');
  assert.equal(leases().length, 1);
  mock.timers.tick(2_000);
  await crm('a');
  assert.equal(leases().length, 2);
});

test('a lease is asked for after five minutes, and serves on while nobody answers', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  t.after(() => mock.timers.reset());
  let answer = {};
  const { crm, leases } = await started(t, ok, () => answer);
  await crm('a');
  mock.timers.tick(301_000);
  answer = problem(503, 'retry_later');
  assert.equal((await crm('a')).status, 200);
  assert.equal(leases().length, 2);
  answer = problem(409, 'connection_disabled');
  mock.timers.tick(6_000);
  await assert.rejects(crm('a'), { code: 'connection_disabled' });
  mock.timers.tick(900_000);
  answer = problem(503, 'retry_later');
  await assert.rejects(crm('a'), { code: 'retry_later' });
});

test('a 401 is answered with another lease, once', async (t) => {
  const { crm, system, leases } = await started(t, refuses(2));
  assert.equal((await crm('a', { method: 'POST', body: 'text' })).status, 200);
  assert.deepEqual(leases(), [{ purpose: 'sync' }, { purpose: 'sync', refusedTokenVersion: 1 }]);
  assert.deepEqual(system.seen.map(({ headers, body }) => [headers.authorization, body]), [['Bearer t1', 'text'], ['Bearer t2', 'text']]);
  const never = await started(t, refuses(9));
  assert.equal((await never.crm('a')).status, 401);
  assert.deepEqual([never.leases().length, never.system.seen.length], [2, 2]);
});

test('callers who are refused at once ask once', async (t) => {
  const { crm, leases } = await started(t, refuses(2));
  await Promise.all(Array.from({ length: 5 }, () => crm('a')));
  assert.deepEqual(leases().map((l) => l.refusedTokenVersion), [undefined, 1]);
});

test('where there is no other credential the refusal stands', async (t) => {
  const { crm, system, leases } = await started(t, refuses(9), () => ({ tokenVersion: 1 }));
  const response = await crm('a');
  assert.deepEqual([response.status, (await response.json()).code], [401, 'unauthenticated']);
  assert.deepEqual([leases().length, system.seen.length], [2, 1]);
  await crm('a');
  assert.equal(leases().length, 2, 'no other is asked for again at once');
});

test('a body that cannot be sent again is not', async (t) => {
  const { crm, system } = await started(t, refuses(2));
  const body = new Blob(['text']).stream();
  assert.equal((await crm('a', { method: 'POST', body, duplex: 'half' })).status, 401);
  assert.equal(system.seen.length, 1);
});

test('the error of a lease is that of the call', async (t) => {
  const { crm } = await started(t, ok, () => problem(409, 'reauth_required', { remedy: 'reconnect' }));
  await assert.rejects(crm('a'), { code: 'reauth_required', remedy: 'reconnect' });
});

test('the credential is not sent to another host', async (t) => {
  const other = await serve(t, ok);
  const { crm, system } = await started(t, ok);
  const host = new URL(other.base).host;
  for (const asked of [`${other.base}/a`, `//${host}/a`, `\\\\${host}/a`, `/\\${host}/a`, system.base.replace('127.0.0.1', 'localhost'), new Request(other.base), 'https://127.0.0.1/', 'data:,a']) {
    await assert.rejects(crm(asked), TypeError, String(asked));
  }
  assert.deepEqual([other.seen.length, system.seen.length], [0, 0]);
  for (const asked of [` ${other.base}/a`, `ht\ntp://${host}/a`, `a@${host}`, '../../../a', '/a']) await crm(asked);
  assert.deepEqual([other.seen.length, system.seen.length], [0, 5], 'what names no host stays at the system');
});

test('hosts that are named get it over HTTPS alone', async (t) => {
  const sent = [];
  const send = async (url, { headers }) => {
    sent.push([url, headers.get('x-key')]);
    return new Response('{}');
  };
  const { crm } = await started(t, ok, undefined, { hosts: ['Files.Example.com'], fetch: send });
  await crm('https://files.example.com/a');
  for (const asked of ['http://files.example.com/a', 'https://files.example.com:8443/a', 'https://evil.files.example.com/a', 'https://files.example.com.evil.example/a']) await assert.rejects(crm(asked), TypeError);
  assert.deepEqual(sent, [['https://files.example.com/a', 'k1']]);
});

test('a redirect elsewhere is followed without the credential', async (t) => {
  const other = await serve(t, ok);
  const { crm, system } = await started(t, () => [307, undefined, { location: `${other.base}/file` }], () => ({ query: { key: 'q' } }));
  const response = await crm('a', { method: 'POST', body: 'text', headers: { cookie: 'c=1', 'x-mine': 'm' } });
  assert.deepEqual([response.status, response.url, response.redirected], [200, `${other.base}/file`, true]);
  const [{ method, url, headers, body }] = other.seen;
  assert.deepEqual([method, url, body, headers['x-mine']], ['POST', '/file', 'text', 'm']);
  assert.deepEqual([headers.authorization, headers['x-key'], headers.cookie, headers.referer], [undefined, undefined, undefined, undefined]);
  assert.equal(system.seen.length, 1);
});

test('a redirect within the system keeps the credential', async (t) => {
  const { crm, system } = await started(t, ({ url }) => (url === '/api/a' ? [303, undefined, { location: '/b' }] : [200, { ok: true }]));
  await crm('a', { method: 'POST', body: 'text', headers: { 'content-type': 'text/plain' } });
  const [, { method, url, headers, body }] = system.seen;
  assert.deepEqual([method, url, headers['x-key'], body, headers['content-type']], ['GET', '/b', 'k1', '', undefined]);
  await assert.rejects(crm('a', { redirect: 'error' }), TypeError);
  assert.equal((await crm('a', { redirect: 'manual' })).status, 303);
  const round = await started(t, ({ url }) => [302, undefined, { location: url }]);
  await assert.rejects(round.crm('a'), /more than 10 times/);
  assert.equal(round.system.seen.length, 11);
});

test('what no fetch can put on a request is refused', async (t) => {
  for (const more of [{ headers: {}, values: { host: 'db' } }, { values: { certificate: 'PEM', privateKey: 'PEM' } }, { values: { signatureMethod: 'HMAC-SHA256' } }]) {
    const { crm, system } = await started(t, ok, () => more);
    await assert.rejects(crm('a'), TypeError);
    assert.equal(system.seen.length, 0);
  }
});

test('an abort ends the wait for a lease, and others go on', async (t) => {
  let go;
  const { crm, leases } = await started(t, ok, () => new Promise((resolve) => (go = () => resolve({}))));
  const stop = new AbortController();
  const [stopped, other] = [crm('a', { signal: stop.signal }), crm('b')];
  stop.abort();
  await assert.rejects(stopped, { name: 'AbortError' });
  while (!go) await new Promise(setImmediate);
  go();
  assert.equal((await other).status, 200);
  assert.equal(leases().length, 1);
});
