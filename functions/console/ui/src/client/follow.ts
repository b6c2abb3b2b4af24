// Redirects are followed here, since a fetch would take the credential along.

const most = 10;

/** Parts are what a request is made of, save its address. */
export type Parts = RequestInit & { method: string; headers: Headers };

/** Visit sends a request to an address, and returns the answer with the address as the program may see it. */
type Visit = (asked: string, wanted: Parts, redirected: boolean) => Promise<[Response, URL]>;

/** parts reads what a fetch is called with. The body of a Request is read, so that it can be sent again. */
export async function parts(input: string | URL | Request, init: RequestInit = {}): Promise<Parts> {
  const from = input instanceof Request ? input : undefined;
  const body = init.body ?? (from?.body ? await from.clone().arrayBuffer() : undefined);
  return {
    ...init, body, method: (init.method ?? from?.method ?? 'GET').toUpperCase(), headers: new Headers(init.headers ?? from?.headers),
    signal: init.signal ?? from?.signal, redirect: init.redirect ?? from?.redirect ?? 'follow',
    cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
  };
}

/** follow sends a request, and goes where its answers lead. */
export async function follow(asked: string, wanted: Parts, visit: Visit): Promise<Response> {
  const mode = wanted.redirect;
  let next: Parts = { ...wanted, redirect: 'manual' };
  for (let hops = 0; ; hops++) {
    const [response, url] = await visit(asked, next, hops > 0);
    if (response.type === 'opaqueredirect' && mode !== 'manual') throw new TypeError('the system redirects, which a page cannot follow');
    const location = response.headers.get('location');
    if (mode === 'manual' || ![301, 302, 303, 307, 308].includes(response.status) || !location) return shown(response, url, hops > 0);
    await response.body?.cancel();
    if (mode === 'error' || hops === most) throw new TypeError(hops === most ? `the system redirects more than ${most} times` : 'the system redirects');
    const to = new URL(location, url);
    if (!/^https?:$/.test(to.protocol)) throw new TypeError('the system redirects to no address of the web');
    next = led(next, response.status, to.origin === url.origin);
    asked = to.href;
  }
}

/** led is the request that follows a redirect (WHATWG Fetch, 4.4). */
function led(before: Parts, status: number, home: boolean): Parts {
  const next: Parts = { ...before, headers: new Headers(before.headers) };
  if (!home) for (const name of ['authorization', 'cookie', 'proxy-authorization']) next.headers.delete(name);
  if (status === 303 ? !['GET', 'HEAD'].includes(next.method) : status < 303 && next.method === 'POST') {
    [next.method, next.body] = ['GET', undefined];
    for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) next.headers.delete(name);
  }
  if (next.body instanceof ReadableStream) throw new TypeError('the system redirects a body that cannot be sent again');
  return next;
}

/** shown is the answer without the credential that stands in the query of the address. */
function shown(response: Response, { href }: URL, redirected: boolean): Response {
  return Object.defineProperties(response, { url: { value: href }, redirected: { value: redirected } });
}
