// What compiles against the packed client, and what must not.

import { type Client, connectionFetch, createClient, type Fetch, type Item, paginate, type Schemas, TenonError } from '@tenonhq/tenon';

const tenon: Client = createClient({ baseUrl: 'https://tenon.example.com', token: () => Promise.resolve('token'), tenant: 'acme', tries: 2 });

/** Same is true for two types that are the same; any is the same as nothing else. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const sure = <T extends true>(): T | undefined => undefined;

// Answers have the types of the document.
const connection = await tenon.GET('/v1/connections/{connectionId}', { params: { path: { connectionId: 'con_1' } } });
sure<Same<typeof connection, Schemas['Connection']>>();
sure<Same<typeof connection.environment, 'production' | 'test'>>();
const created = await tenon.POST('/v1/connections', { body: { templateId: 'tpl_1', name: 'Stripe' }, signal: AbortSignal.timeout(1) });
sure<Same<typeof created, Schemas['Connection']>>();
const nothing = await tenon.DELETE('/v1/templates/{templateId}', { params: { path: { templateId: 'tpl_1' }, header: { 'If-Match': '"1"' } } });
sure<Same<typeof nothing, undefined>>();
const keys = await tenon.GET('/v1/tenants/{tenantId}/jwks.json', { params: { path: { tenantId: 'acme' } } });
sure<Same<typeof keys, Schemas['KeySet']>>();

// What has to be said nowhere can be left out.
const { items: connectors } = await tenon.GET('/v1/connectors');
sure<Same<typeof connectors, Schemas['ConnectorCard'][] | null>>();
await tenon.GET('/v1/connections');

// What has a default need not be sent.
await tenon.POST('/v1/connections/{connectionId}/lease', { params: { path: { connectionId: 'con_1' } }, body: { purpose: 'sync' } });

// @ts-expect-error There is no such path.
await tenon.GET('/v1/connexions');
// @ts-expect-error The path has no such verb.
await tenon.DELETE('/v1/connections');
// @ts-expect-error A page is not for programs.
await tenon.GET('/connect/{sessionId}', { params: { path: { sessionId: 's' } } });
// @ts-expect-error A download is no JSON.
await tenon.GET('/v1/audit/export');
// @ts-expect-error The path parameter is missing.
await tenon.GET('/v1/connections/{connectionId}');
// @ts-expect-error The path parameter has another name.
await tenon.GET('/v1/connections/{connectionId}', { params: { path: { id: 'con_1' } } });
// @ts-expect-error The purpose is missing.
await tenon.POST('/v1/connections/{connectionId}/lease', { params: { path: { connectionId: 'con_1' } }, body: {} });
// @ts-expect-error The body is missing.
await tenon.POST('/v1/connections/{connectionId}/lease', { params: { path: { connectionId: 'con_1' } } });
// @ts-expect-error There is no such environment.
await tenon.POST('/v1/connections/{connectionId}/lease', { params: { path: { connectionId: 'con_1' } }, body: { purpose: 'sync', environment: 'staging' } });
// @ts-expect-error There is no such member of the body.
await tenon.POST('/v1/connections', { body: { templateId: 'tpl_1', title: 'Stripe' } });
// @ts-expect-error There is no such status.
await tenon.GET('/v1/connections', { params: { query: { status: 'broken' } } });
// @ts-expect-error There is no such parameter of the query.
await tenon.GET('/v1/connections', { params: { query: { state: 'active' } } });
// @ts-expect-error There is no such option.
await tenon.GET('/v1/connections', { parms: {} });
// @ts-expect-error The answer has no such member.
connection.title;
// @ts-expect-error The client needs an address.
createClient({ token: 'token' });
// @ts-expect-error A token is a text.
createClient({ baseUrl: 'https://tenon.example.com', token: () => 1 });

// Lists.
for await (const item of paginate(tenon, '/v1/connections', { params: { query: { limit: 5 } } })) sure<Same<typeof item, Schemas['Connection']>>();
for await (const flow of paginate(tenon, '/v1/flows')) flow.name satisfies string;
sure<Same<Item<'/v1/templates'>, Schemas['Template']>>();
paginate(tenon, '/v1/webhook-endpoints/{webhookEndpointId}/deliveries', { params: { path: { webhookEndpointId: 'whe_1' } } });
// @ts-expect-error The path parameter is missing.
paginate(tenon, '/v1/webhook-endpoints/{webhookEndpointId}/deliveries');
// @ts-expect-error It is no list in pages.
paginate(tenon, '/v1/settings');

// Errors.
function told(error: unknown): string {
  if (!(error instanceof TenonError)) return '';
  if (error.code === 'reauth_required' || error.code === 'offline') return error.remedy ?? '';
  // @ts-expect-error There is no such code.
  if (error.code === 'reauth') return '';
  return error.errors.map((wrong) => wrong.pointer satisfies string).join() + error.requestId;
}
told(undefined);

// A fetch goes where a fetch is asked for.
const crm: Fetch = connectionFetch(tenon, 'con_1', { purpose: 'sync', environment: 'test', hosts: ['files.example.com'] });
(await crm(new URL('https://crm.example.com/contacts'), { method: 'POST', body: '{}' })) satisfies Response;
crm satisfies typeof fetch;
// @ts-expect-error The purpose is missing.
connectionFetch(tenon, 'con_1', {});
