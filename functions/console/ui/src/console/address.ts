/** asked returns a value of the query of the current address, or nothing. */
export function asked(name: string): string { return new URLSearchParams(location.search).get(name) ?? ''; }

/**
 * remember writes values into the query of the current address, so that the page
 * can be opened again as it is; empty ones are left out. No page is opened by it.
 */
export function remember(values: Record<string, string>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(history.state, '', url.pathname + url.search);
}
