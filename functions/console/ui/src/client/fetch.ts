import type { Client } from './client.js';
import { follow, parts, type Parts } from './follow.js';
import { type Lease, Leases } from './leases.js';
import { target, trusted } from './target.js';

/** Fetch sends a request as the global fetch does. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** ConnectionFetchOptions say what a credential is leased for, and where else it may go. */
export interface ConnectionFetchOptions {
  /** Why the credential is needed; recorded in the audit. */
  purpose: string;
  /** Of the lease; production unless it is named. */
  environment?: 'production' | 'test';
  /** Names of further hosts of the system, reached over HTTPS. */
  hosts?: string[];
  /** Sends the requests; the global fetch unless it is named. */
  fetch?: Fetch;
}

/**
 * connectionFetch returns a fetch that puts the leased credential of a connection on
 * requests: its headers and query parameters. A lease is kept for at most five
 * minutes, and shared. After a 401 another one is asked for, and the request is
 * repeated with it once, unless its body is a stream.
 *
 * An address without a host, such as contacts?limit=5, is one below the base URL of
 * the lease. A request to any other origin than that of the base URL, and to hosts that
 * are not named, is a TypeError; a redirect to one is followed without the
 * credential. Redirects can be followed in Node.js and its like, not in a page.
 *
 * What stands in no header and no query, such as a client certificate or the login of
 * a database, is not for a fetch: POST a lease for it.
 */
export function connectionFetch(client: Client, connectionId: string, { purpose, environment, hosts = [], fetch: send = (input, init) => fetch(input, init) }: ConnectionFetchOptions): Fetch {
  const leases = new Leases(async (refusedTokenVersion) => {
    const lease = await client.POST('/v1/connections/{connectionId}/lease', {
      params: { path: { connectionId } }, body: { purpose, environment, refusedTokenVersion }, signal: AbortSignal.timeout(60_000),
    });
    return usable(lease);
  });
  const visit = async (asked: string, wanted: Parts, redirected: boolean): Promise<[Response, URL]> => {
    const lease = await leases.get(wanted.signal);
    if (redirected && !trusted(lease, new URL(asked), hosts)) return [await send(asked, wanted), new URL(asked)];
    const url = target(lease, asked, hosts);
    const response = await placed(send, url, wanted, lease);
    if (response.status !== 401) return [response, url];
    leases.refuse(lease);
    if (wanted.body instanceof ReadableStream) return [response, url];
    const next = await leases.get(wanted.signal).catch(async (thrown: unknown) => {
      await response.body?.cancel();
      throw thrown;
    });
    // The same credential would be refused again; and another base URL is another system.
    if (next.tokenVersion === lease.tokenVersion || next.baseUrl !== lease.baseUrl) return [response, url];
    await response.body?.cancel();
    return [await placed(send, url, wanted, next), url];
  };
  return async (input, init) => follow(input instanceof Request ? input.url : String(input), await parts(input, init), visit);
}

/** usable returns a lease that a fetch can use. */
function usable(lease: Lease): Lease {
  const { values = {}, headers = {}, query = {} } = lease;
  const none = Object.keys(values).length > 0 && Object.keys(headers).length + Object.keys(query).length === 0;
  if (none || values['certificate'] || values['signatureMethod']) {
    throw new TypeError(`connection ${lease.connectionId} has values that no fetch can put on a request: POST a lease for them`);
  }
  return lease;
}

/** placed sends the request with the credential on it. */
function placed(send: Fetch, url: URL, wanted: Parts, lease: Lease): Promise<Response> {
  const [out, headers] = [new URL(url), new Headers(wanted.headers)];
  for (const [name, value] of Object.entries(lease.headers ?? {})) headers.set(name, value);
  for (const [name, value] of Object.entries(lease.query ?? {})) out.searchParams.set(name, value);
  return send(out.href, { ...wanted, headers });
}
