import type { Schemas } from '../../../api/client.js';

type Connection = Schemas['Connection'];

/** Filter is which connections are shown; what is left out shows all. */
export interface Filter {
  connector?: string;
  status?: Connection['status'];
  environment?: Connection['environment'];
}

export const statuses: Connection['status'][] = ['active', 'degraded', 'disabled', 'pending'];
export const environments: Connection['environment'][] = ['production', 'test'];

/** read takes the filter from the address; a value that there is none of selects nothing. */
export function read(search = location.search): Filter {
  const query = new URLSearchParams(search);
  return {
    connector: query.get('connector') || undefined,
    status: statuses.find((s) => s === query.get('status')),
    environment: environments.find((e) => e === query.get('environment')),
  };
}

/** write puts the filter into the address, so that it can be linked to and gone back to. */
export function write(filter: Filter): void {
  const url = new URL(location.href);
  for (const name of ['connector', 'status', 'environment'] as const) {
    const value = filter[name];
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.pushState(null, '', url.pathname + url.search);
}

/** chosen reports whether anything is filtered. */
export function chosen(filter: Filter): boolean { return Object.values(filter).some(Boolean); }
