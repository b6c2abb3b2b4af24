// The client for programs: the npm package @tenonhq/tenon is made of this and of the elements.
export { createClient, type Answer, type Client, type ClientOptions, type Init, type Path, type Rest, type Schemas } from './client.js';
export { connectionFetch, type ConnectionFetchOptions, type Fetch } from './fetch.js';
export { type Item, type ListPath, paginate } from './paginate.js';
export { TenonError } from './error.js';
export type { paths } from '../api/schema.js';
