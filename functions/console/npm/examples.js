// Writes the code of the README into files that are compiled like the type tests:
// node examples.js FOLDER.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(tsx?)\n(.*?)^```$/gms)];
if (blocks.length < 3) throw new Error('the README has no examples');
for (const [i, [, language, code]] of blocks.entries()) writeFileSync(join(process.argv[2], `readme-${i + 1}.${language}`), code);
