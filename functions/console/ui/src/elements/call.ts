import { Problem, type ProblemDocument, unanswered } from '../api/problem.js';

/** Access says where the API is, and as whom it is called. */
export interface Access {
  base: string;
  token: () => string | Promise<string>;
}

/**
 * call asks the API, and returns its answer or throws a Problem. Elements are loaded
 * by pages of others on every visit, and the typed client weighs more than a button.
 */
export async function call<T>({ base, token }: Access, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
  try {
    const response = await fetch(base + path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), cache: 'no-store', credentials: 'omit' });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer as T;
    const problem = answer as Partial<ProblemDocument> | undefined;
    throw new Problem(problem?.code ?? 'unexpected', response.status, problem);
  } catch (thrown) {
    throw unanswered(thrown);
  }
}

/** list reads a list to its end, or to the limit of items. */
export async function list<T>(access: Access, path: string, limit = 1000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await call<{ items: T[] | null; nextCursor?: string }>(access, `${path}?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...(page.items ?? []));
    cursor = page.nextCursor;
  } while (cursor && items.length < limit);
  return items;
}

/** definite says whether the API would answer the same again. */
export function definite({ status }: Problem): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
