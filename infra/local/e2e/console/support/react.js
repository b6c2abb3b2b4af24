// React as one script of a page: its packages are modules of Node.js.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const files = {
  react: 'react/cjs/react.production.js',
  scheduler: 'scheduler/cjs/scheduler.production.js',
  'react-dom': 'react-dom/cjs/react-dom.production.js',
  'react-dom/client': 'react-dom/cjs/react-dom-client.production.js',
};

/** The script; window.required(name) is a package then. */
export async function reactScript() {
  const modules = await Promise.all(Object.entries(files).map(async ([name, file]) => {
    const [folder, ...rest] = file.split('/');
    const root = resolve(`${folder}/package.json`).replace('package.json', '');
    return `${JSON.stringify(name)}(module, exports, require) {\n${await readFile(root + rest.join('/'), 'utf8')}\n}`;
  }));
  return `'use strict';
const sources = {${modules.join(',\n')}};
const loaded = {};
window.required = (name) => {
  if (!loaded[name]) {
    loaded[name] = { exports: {} };
    sources[name](loaded[name], loaded[name].exports, window.required);
  }
  return loaded[name].exports;
};`;
}
