// What the package is made of.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const home = join(import.meta.dirname, '../node_modules/@tenonhq/tenon');
const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const files = readdirSync(home, { recursive: true });

test('it imports what it names as a dependency, and nothing else', () => {
  const imported = new Set();
  for (const name of files.filter((name) => /^dist\/.*\.(js|d\.ts)$/.test(name) && name !== 'dist/elements/react.d.ts')) {
    for (const [, from] of readFileSync(join(home, name), 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )["']([^."'][^"']*)["']/gm)) {
      imported.add(from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  assert.deepEqual([...imported].sort(), Object.keys(manifest.dependencies).sort());
});

test('every way in leads to a file', () => {
  for (const [name, to] of Object.entries(manifest.exports)) {
    for (const file of typeof to === 'string' ? [to] : Object.values(to)) assert.ok(files.includes(file.slice(2)), `${name}: ${file}`);
  }
});

test('the console stays at home', () => {
  assert.deepEqual(files.filter((name) => name.startsWith('dist/console') || /\.(test|map)\b/.test(name)), []);
  for (const name of ['LICENSE', 'README.md', 'dist/api/schema.d.ts']) assert.ok(files.includes(name), name);
});

test('a server that renders pages may load the elements', async () => {
  const { TenonConnectButton, TenonConnectors, TenonSchemaForm, TenonStatus, configure } = await import('@tenonhq/tenon/elements');
  assert.ok([TenonConnectButton, TenonConnectors, TenonSchemaForm, TenonStatus].every((element) => typeof element === 'function'));
  configure({ api: 'https://tenon.example.com' });
  await new Promise(setImmediate);
});
