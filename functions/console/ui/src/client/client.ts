import createFetchClient, { type FetchOptions } from 'openapi-fetch';
import type { paths } from '../api/schema.js';
import { refusal, unreadable } from './error.js';
import { keyHeader, repeat, takesKey } from './repeat.js';

export type { Schemas } from '../api/schemas.js';

type Verb = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** ClientOptions say which deployment is called, and as whom. */
export interface ClientOptions {
  /** Of the deployment, such as https://tenon.example.com. */
  baseUrl: string;
  /** The access token, or what returns it; asked before every request. Public operations need none. */
  token?: string | (() => string | Promise<string>);
  /** The tenant to act for, with a token of the organization. */
  tenant?: string;
  /** How often one request is sent, at most; 4 unless it is named, and with 1 nothing is repeated. */
  tries?: number;
  /** Sends the requests; the global fetch unless it is named. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Answer is what an operation answers with: undefined where it answers nothing, never where that is no JSON. */
export type Answer<P extends keyof paths, V extends Verb> = paths[P][V] extends { responses: infer R } ? Of<R, keyof R & (200 | 201 | 202 | 204)> : never;
type Of<R, S extends keyof R> = S extends unknown ? (R[S] extends { content: infer C } ? C[keyof C & ('application/json' | `${string}+json`)] : undefined) : never;

/** Path is the path of an operation that programs call with the verb: not of pages, and not of downloads. */
export type Path<V extends Verb> = { [P in keyof paths]: [Answer<P, V>] extends [never] ? never : P }[keyof paths];

/** Init is what an operation is called with: params, with path, query and header; body; and a signal to give up. */
export type Init<P extends keyof paths, V extends Verb> = P extends unknown ? Pick<FetchOptions<paths[P][V]>, 'params' | 'body'> & { signal?: AbortSignal } : never;
/** Rest is what follows the path: an Init, which may be left out where nothing in it is needed. */
export type Rest<I> = Partial<I> extends I ? [init?: I] : [init: I];
type Method<V extends Verb> = <P extends Path<V>>(path: P, ...rest: Rest<Init<P, V>>) => Promise<Answer<P, V>>;

/**
 * Client calls the operations of the API by their paths. A method returns the answer,
 * or throws a TenonError; an abort throws the reason of the signal.
 */
export interface Client {
  GET: Method<'get'>;
  PUT: Method<'put'>;
  POST: Method<'post'>;
  PATCH: Method<'patch'>;
  DELETE: Method<'delete'>;
}

/**
 * createClient returns a client of one deployment. What may be repeated is, up to
 * four times: reads, leases, and what has an Idempotency-Key, which an operation that
 * takes one is given; and other changes that are idempotent where the service has
 * said that it did not make them. Between two tries it waits as long as the service
 * says, or for a time that doubles; nobody waits for more than 20 seconds.
 */
export function createClient({ baseUrl, token, tenant, tries = 4, fetch: send = (request) => fetch(request) }: ClientOptions): Client {
  const api = createFetchClient<paths>({ baseUrl, redirect: 'error', cache: 'no-store', credentials: 'omit' });
  const authorize = async (headers: Headers) => {
    if (tenant) headers.set('tenon-tenant', tenant);
    if (token) headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
  };
  const request = api.request as unknown as (verb: Verb, path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
  const call = async (verb: Verb, path: string, { params = {}, body, signal }: Given = {}) => {
    segments(path, params.path);
    const header = { ...params.header };
    if (tries > 1 && takesKey(verb, path)) header[keyHeader] ||= crypto.randomUUID();
    const repeated = (r: Request) => repeat(r, { path, tries, authorize, send });
    try {
      const { data, error, response } = await request(verb, path, { params: { ...params, header }, body, signal, fetch: repeated });
      if (!response.ok) throw refusal(response, error);
      return data;
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof SyntaxError) throw unreadable();
      throw thrown;
    }
  };
  const method = (verb: Verb) => (path: string, init?: Given) => call(verb, path, init);
  return { GET: method('get'), PUT: method('put'), POST: method('post'), PATCH: method('patch'), DELETE: method('delete') } as unknown as Client;
}

interface Given {
  params?: { path?: Record<string, unknown>; query?: object; header?: Record<string, string> };
  body?: unknown;
  signal?: AbortSignal;
}

/** segments throws where a parameter of the path would make it another path. */
function segments(path: string, given: Record<string, unknown> = {}): void {
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    if (['undefined', 'null', '', '.', '..'].includes(String(given[name!]))) throw new TypeError(`the path parameter ${name} of ${path} is missing`);
  }
}
