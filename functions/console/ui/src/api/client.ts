import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';
import { Problem, unanswered } from './problem.js';
import type { Schemas } from './schemas.js';

export type { Schemas } from './schemas.js';
export type Api = Client<paths>;

/** Access says where the API is, and as whom it is called. */
export interface Access {
  /** Origin of the API, without a slash at the end. */
  base: string;
  /** Returns the access token to send; asked before every call. */
  token(): string | Promise<string>;
  /** Told when the API does not accept the token any more. */
  refused?(): void;
  /** The tenant to act for, with a token of the organization. */
  tenant?(): string | undefined;
}

/** client returns the typed API: client(access).GET('/v1/connections'). */
export function client(access: Access): Api {
  const api = createClient<paths>({ baseUrl: access.base, credentials: 'same-origin', cache: 'no-store' });
  api.use({
    async onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${await access.token()}`);
      const tenant = access.tenant?.();
      if (tenant) request.headers.set('tenon-tenant', tenant);
      return request;
    },
    onResponse({ response }) {
      if (response.status === 401) access.refused?.();
    },
  });
  return api;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** ask returns what a call brought, or throws a Problem. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (thrown) {
    throw unanswered(thrown);
  }
  if (answer.response.ok) return answer.data as T;
  const told = typeof answer.error === 'object' && answer.error ? (answer.error as Partial<Schemas['Problem']>) : {};
  // The gateway refuses a scope without a problem document, and names the request in a header.
  const requestId = told.requestId ?? answer.response.headers.get('apigw-requestid') ?? undefined;
  throw new Problem(told.code ?? 'unexpected', answer.response.status, { ...told, requestId });
}

/** tag is the If-Match value of a revision that was read. */
export function tag(of: { revision?: number }): string { return `"${of.revision ?? 0}"`; }

/** once is the key that makes a creating request safe to repeat. */
export function once(): string { return crypto.randomUUID(); }

interface Page<T> {
  items: T[] | null;
  nextCursor?: string;
}

/** all reads a list to its end, or to the limit of items. */
export async function all<T>(read: (cursor?: string) => Promise<Page<T>>, limit = 1000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...(page.items ?? []));
    cursor = page.nextCursor;
  } while (cursor && items.length < limit);
  return items;
}
