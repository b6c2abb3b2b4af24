import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, paginate, TenonError } from '@tenonhq/tenon';
import { problem, serve } from './server.js';

const lease = ['/v1/connections/{connectionId}/lease', { params: { path: { connectionId: 'con_1' } }, body: { purpose: 'sync' } }];

/** started returns a client of a server that answers so. */
async function started(t, answer, options = {}) {
  const server = await serve(t, answer);
  return { ...server, tenon: createClient({ baseUrl: `${server.base}/`, token: 'token-1', ...options }) };
}

test('a request has what the program says', async (t) => {
  let asked = 0;
  const { tenon, seen } = await started(t, () => [200, { id: 'con/1' }], { token: async () => `token-${++asked}`, tenant: 'acme' });
  assert.deepEqual(await tenon.PATCH('/v1/connections/{connectionId}', { params: { path: { connectionId: 'con/1' }, header: { 'If-Match': '"3"' } }, body: { name: 'CRM' } }), { id: 'con/1' });
  await tenon.GET('/v1/connections', { params: { query: { limit: 5, status: 'active' } } });
  const [{ method, url, headers, body }, second] = seen;
  assert.deepEqual([method, url, body, headers['if-match'], headers['tenon-tenant'], headers.authorization], ['PATCH', '/v1/connections/con%2F1', '{"name":"CRM"}', '"3"', 'acme', 'Bearer token-1']);
  assert.deepEqual([second.url, second.headers.authorization], ['/v1/connections?limit=5&status=active', 'Bearer token-2']);
});

test('what answers nothing brings nothing', async (t) => {
  const { tenon } = await started(t, () => [204]);
  assert.equal(await tenon.DELETE('/v1/templates/{templateId}', { params: { path: { templateId: 'tpl_1' } } }), undefined);
});

test('a path parameter cannot make another path', async (t) => {
  const { tenon, seen } = await started(t, () => [200, {}]);
  for (const connectionId of ['', '.', '..', undefined]) {
    await assert.rejects(tenon.GET('/v1/connections/{connectionId}', { params: { path: { connectionId } } }), TypeError);
  }
  assert.equal(seen.length, 0);
});

test('a problem document is a TenonError', async (t) => {
  const errors = [{ pointer: '/name', detail: 'It is empty.' }];
  const { tenon, seen } = await started(t, () => problem(422, 'validation_failed', { errors, remedy: 'fix_input' }));
  await assert.rejects(tenon.POST('/v1/connections', { body: {} }), (error) => {
    assert.ok(error instanceof TenonError);
    assert.deepEqual([error.code, error.status, error.detail, error.remedy, error.requestId, error.errors], ['validation_failed', 422, 'Why.', 'fix_input', 'req-1', errors]);
    assert.equal(error.message, 'validation_failed: Why. /name: It is empty. (status 422, request req-1)');
    return true;
  });
  assert.equal(seen.length, 1);
});

test('the answer of anything else is not repeated in an error', async (t) => {
  const { tenon } = await started(t, () => [403, { code: 'not ours', secret: 's3cret' }, { 'content-type': 'application/json', 'apigw-requestid': 'gw-1' }]);
  await assert.rejects(tenon.GET('/v1/connections'), (error) => {
    assert.deepEqual([error.code, error.status, error.requestId], ['unexpected', 403, 'gw-1']);
    assert.ok(!error.message.includes('s3cret'));
    return true;
  });
});

test('a repeated request has the same Idempotency-Key', async (t) => {
  const answers = [() => undefined, () => problem(503, 'retry_later'), () => problem(409, 'idempotency_in_progress'), () => [201, { id: 'con_1' }]];
  const { tenon, seen } = await started(t, (_, n) => (answers[n - 1] ?? answers.at(-1))());
  assert.equal((await tenon.POST('/v1/connections', { body: { name: 'CRM' } })).id, 'con_1');
  const keys = new Set(seen.map(({ headers }) => headers['idempotency-key']));
  assert.deepEqual([seen.length, keys.size, [...keys][0].length > 20, seen.at(-1).body], [4, 1, true, '{"name":"CRM"}']);
  await tenon.POST('/v1/connections', { params: { header: { 'Idempotency-Key': 'mine' } }, body: {} });
  assert.equal(seen.at(4).headers['idempotency-key'], 'mine');
});

test('it is repeated only where that is harmless', async (t) => {
  const id = { params: { path: { connectionId: 'con_1' } } };
  const cases = {
    'a read': [(c) => c.GET('/v1/connections'), 429, 2],
    'a read that is cut off': [(c) => c.GET('/v1/connections'), 0, 2],
    'a lease': [(c) => c.POST(...lease), 503, 2],
    'a lease that is cut off': [(c) => c.POST(...lease), 0, 2],
    'a replacement that was not made': [(c) => c.PUT('/v1/settings', { body: {} }), 503, 2],
    'a replacement that is cut off': [(c) => c.PUT('/v1/settings', { body: {} }), 0, 1],
    'a change': [(c) => c.PATCH('/v1/connections/{connectionId}', { ...id, body: {} }), 503, 1],
    'an operation without a key': [(c) => c.POST('/v1/connections/{connectionId}/verify', id), 503, 1],
    'an operation that is cut off': [(c) => c.POST('/v1/connections/{connectionId}/verify', id), 0, 1],
    'a refusal': [(c) => c.GET('/v1/connections'), 404, 1],
  };
  for (const [name, [call, status, sent]] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const { tenon, seen } = await started(t, () => (status ? problem(status, 'retry_later') : undefined), { tries: 2 });
      await assert.rejects(call(tenon), (error) => error instanceof TenonError && error.status === status && (status > 0 || error.code === 'offline'));
      assert.equal(seen.length, sent);
    });
  }
});

test('the service says when to come back', async (t) => {
  const { tenon, seen } = await started(t, (_, n) => (n === 1 ? problem(429, 'rate_limited', {}, { 'retry-after': '1' }) : [200, { items: [] }]));
  const began = Date.now();
  await tenon.GET('/v1/connections');
  assert.ok(Date.now() - began >= 1000);
  assert.equal(seen.length, 2);
});

test('nobody waits for longer than 20 seconds', async (t) => {
  const { tenon, seen } = await started(t, () => problem(429, 'rate_limited', {}, { 'retry-after': '21' }));
  await assert.rejects(tenon.GET('/v1/connections'), { code: 'rate_limited', retryAfter: 21 });
  assert.equal(seen.length, 1);
});

test('an abort ends a request, and a pause', async (t) => {
  const { tenon, seen } = await started(t, (asked) => (asked.url === '/v1/flows' ? new Promise(() => {}) : problem(503, 'retry_later', {}, { 'retry-after': '10' })));
  for (const path of ['/v1/flows', '/v1/connections']) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(tenon.GET(path, { signal: stop.signal }), { name: 'AbortError' });
  }
  assert.equal(seen.length, 2);
  await assert.rejects(tenon.GET('/v1/flows', { signal: AbortSignal.abort(new Error('given up')) }), { message: 'given up' });
});

test('a list is read page by page', async (t) => {
  const pages = { '': [['a', 'b'], 'two'], two: [null, 'three'], three: [['c']] };
  const { tenon, seen } = await started(t, ({ url }) => {
    const [items, nextCursor] = pages[new URLSearchParams(url.split('?')[1]).get('cursor') ?? ''];
    return [200, { items, nextCursor }];
  });
  const items = [];
  for await (const item of paginate(tenon, '/v1/connections', { params: { query: { limit: 2 } } })) {
    items.push(item);
    if (item === 'b') assert.equal(seen.length, 1, 'the next page is not asked for before');
  }
  assert.deepEqual(items, ['a', 'b', 'c']);
  assert.deepEqual(seen.map(({ url }) => url), ['/v1/connections?limit=2', '/v1/connections?limit=2&cursor=two', '/v1/connections?limit=2&cursor=three']);
});

test('the token goes nowhere else', async (t) => {
  const other = await serve(t, () => [200, {}]);
  const { tenon } = await started(t, () => [307, undefined, { location: `${other.base}/v1/settings` }], { tries: 1 });
  await assert.rejects(tenon.PUT('/v1/settings', { body: {} }), { code: 'offline' });
  assert.equal(other.seen.length, 0);
});
