// Completes .build/npm/package, which the compiler has begun, so that npm can pack
// it: node pack.js VERSION. What is packed depends on the sources alone.

import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [here, root] = [import.meta.dirname, join(import.meta.dirname, '../../..')];
const to = join(root, '.build/npm/package');
const named = process.argv[2] ?? 'dev';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = read(join(here, 'package.json'));
manifest.version = /^v?\d/.test(named) ? named.replace(/^v/, '') : `0.0.0-${named}`;
// What is imported is what the console is made of, in the versions that were tested or compatible ones.
manifest.dependencies = Object.fromEntries(Object.entries(read(join(root, 'package.json')).dependencies).map(([name, version]) => [name, `^${version}`]));
writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

copyFileSync(join(here, 'README.md'), join(to, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
// The compiler makes no copies of declarations.
copyFileSync(join(here, '../ui/src/api/schema.d.ts'), join(to, 'dist/api/schema.d.ts'));

for (const name of readdirSync(to, { recursive: true })) {
  const path = join(to, name);
  chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  // The compiler names a type by the package that declares it, which is no dependency of ours; lit exports it too.
  if (name.endsWith('.d.ts')) writeFileSync(path, readFileSync(path, 'utf8').replaceAll('import("lit-html")', 'import("lit")'));
}
