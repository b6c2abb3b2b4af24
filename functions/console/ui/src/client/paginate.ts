import type { paths } from '../api/schema.js';
import type { Answer, Client, Init, Path, Rest } from './client.js';

/** ListPath is the path of a list that is read in pages. */
export type ListPath = { [P in Path<'get'>]: Answer<P, 'get'> extends { items: unknown; nextCursor?: string } ? Paged<P, paths[P]['get']> : never }[Path<'get'>];
type Paged<P, O> = O extends { parameters: { query?: { cursor?: string } } } ? P : never;

/** Item is one of a list. */
export type Item<P extends ListPath> = Answer<P, 'get'> extends { items: (infer I)[] | null } ? I : never;

/** paginate reads a list to its end, item by item; a page is asked for when its first item is. */
export async function* paginate<P extends ListPath>(client: Client, path: P, ...rest: Rest<Init<P, 'get'>>): AsyncGenerator<Item<P>, void, undefined> {
  const get = client.GET as (path: ListPath, init: object) => Promise<{ items: Item<P>[] | null; nextCursor?: string }>;
  const init = rest[0] as { params?: { query?: object }; signal?: AbortSignal } | undefined;
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const query = { ...init?.params?.query, ...(cursor && { cursor }) };
    const page = await get(path, { ...init, params: { ...init?.params, query } });
    yield* page.items ?? [];
    cursor = page.nextCursor;
  }
}
