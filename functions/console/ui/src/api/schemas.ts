import type { components } from './schema.js';

/** Schemas are the wire types of the API, made from its document. */
export type Schemas = components['schemas'];
