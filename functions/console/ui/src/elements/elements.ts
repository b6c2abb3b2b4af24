// The elements for pages of others: <script type="module" src=".../console/elements.js">.
export * from './connect-button.js';
export * from './schema-form.js';
export * from './connectors.js';
export * from './status.js';
export type { Settings } from './settings.js';
export type { Link, Progress, Wanted } from './session.js';
