import type { Lease } from './leases.js';

/** target is where a request goes with the credential; it throws where the program asks for a place that the credential may not go to. */
export function target(lease: Lease, asked: string, hosts: readonly string[]): URL {
  const base = lease.baseUrl && URL.canParse(lease.baseUrl) ? new URL(lease.baseUrl) : undefined;
  if (base && !/^[a-z][a-z0-9+.-]*:|^[\\/]{2}/i.test(asked)) return below(base, asked);
  const url = new URL(asked, base);
  if (!trusted(lease, url, hosts)) {
    throw new TypeError(`the credential of connection ${lease.connectionId} is not sent to the host ${JSON.stringify(url.host)}: name it in hosts if it is the system's`);
  }
  return url;
}

/** trusted says whether the credential may go there: to the origin of the base URL, and to the hosts that the program named, over HTTPS. */
export function trusted(lease: Lease, url: URL, hosts: readonly string[]): boolean {
  const home = lease.baseUrl && URL.canParse(lease.baseUrl) ? new URL(lease.baseUrl).origin : '';
  return url.origin === home || (url.protocol === 'https:' && url.port === '' && hosts.some((name) => name.toLowerCase() === url.hostname));
}

/** below joins a path to the base URL. What it is made of cannot name another host. */
function below(base: URL, asked: string): URL {
  const [, path = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(asked) ?? [];
  const url = new URL(base.origin);
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  url.search = query;
  return url;
}
