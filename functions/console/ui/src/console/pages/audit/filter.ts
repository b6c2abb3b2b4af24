import { asked, remember } from '../../address.js';

/** Filter selects entries, as the API does; times are RFC 3339, empty is everything. */
export interface Filter {
  actor: string;
  action: string;
  resource: string;
  outcome: string;
  since: string;
  until: string;
}

const names = ['actor', 'action', 'resource', 'outcome', 'since', 'until'] as const;

/** askedFilter is the filter in the address of the page. */
export function askedFilter(): Filter {
  const f = Object.fromEntries(names.map((n) => [n, asked(n)])) as unknown as Filter;
  if (!['allowed', 'denied'].includes(f.outcome)) f.outcome = '';
  return f;
}

/** rememberFilter puts the filter into the address of the page. */
export function rememberFilter(f: Filter): void { remember({ ...f }); }

/** filterFrom reads the form; its times are those of where the browser is. */
export function filterFrom(form: HTMLFormElement): Filter {
  const data = new FormData(form);
  const text = (n: string) => String(data.get(n) ?? '').trim();
  const time = (n: string) => (text(n) ? new Date(text(n)).toISOString() : '');
  return { actor: text('actor'), action: text('action'), resource: text('resource'), outcome: text('outcome'), since: time('since'), until: time('until') };
}

/** local writes a time as a date-time input has it: 2026-11-21T10:00. */
export function local(time: string): string {
  const at = new Date(time);
  if (!time || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** query is the filter as parameters of the API, without what is empty. */
export function query(f: Filter) {
  const given = Object.entries(f).filter(([, value]) => value);
  return Object.fromEntries(given) as Partial<Omit<Filter, 'outcome'>> & { outcome?: 'allowed' | 'denied' };
}
