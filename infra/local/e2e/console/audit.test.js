// The audit: found by filters, let out as a file, verified.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createSync } from './support/flows.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
const flow = `audited-${process.pid}`;
let tenant;
before(async () => {
  tenant = await caller('acme', { subject: 'auditee' });
  await createSync(flow, 'Audited', 'paused');
  for (const name of ['Audited, 1', 'Audited, 2']) await tenant.patch(`/v1/flows/${flow}`, { name }, { 'if-match': '*' });
  const intruder = await caller('acme', { subject: `intruder-${process.pid}` });
  await assert.rejects(intruder.delete('/v1/flows/of-somebody-else', { 'if-match': '*' }), /404/);
});

const rows = (page) => page.getByRole('table', { name: 'Audit' }).locator('tbody tr');

/** Presses the button, and returns the file the browser saves. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('entries are found by filters, which are in the address', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', `/audit?resource=${flow}`);
  await rows(page).nth(2).waitFor();
  assert.equal(await rows(page).count(), 3);
  await page.getByLabel('Resource').fill('');
  await page.getByLabel('Who').fill(`acme/intruder-${process.pid}`);
  await page.getByLabel('Outcome').selectOption('denied');
  await page.getByRole('button', { name: 'Apply' }).click();
  await rows(page).first().getByRole('cell', { name: 'flow.delete', exact: true }).waitFor();
  assert.equal(await rows(page).count(), 1);
  assert.equal(new URL(page.url()).searchParams.get('actor'), `acme/intruder-${process.pid}`);
  await rows(page).first().getByRole('button', { name: /^Details/ }).click();
  await rows(page).nth(1).getByText('Request').waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'audit');
  await page.getByLabel('Before').fill('2020-01-01T00:00');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('No entry matches.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await rows(page).nth(3).waitFor();
  assert.equal(new URL(page.url()).search, '');
});

test('an export is a file with the same entries', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', `/audit?resource=${flow}`);
  await rows(page).first().waitFor();
  const listed = (await tenant.get(`/v1/audit?resource=${flow}&limit=100`)).items.map((e) => e.id).reverse();
  const lines = await saved(page, 'Export as NDJSON');
  assert.match(lines.name, /\.ndjson$/);
  assert.deepEqual(lines.text.trimEnd().split('\n').map((line) => JSON.parse(line).id), listed);
  const table = await saved(page, 'Export as CSV');
  assert.match(table.name, /\.csv$/);
  const [head, ...cells] = table.text.trimEnd().split(/\r?\n/);
  assert.match(head, /^id,at,actor,/);
  assert.deepEqual(cells.map((line) => line.split(',')[0]), listed);
});

test('parts of an export are joined, also after an interruption, and it can be cancelled', async (t) => {
  const page = await browser.page(t);
  let answers = 0;
  await page.route('**/v1/audit/export?*', (route) => {
    answers++;
    const cursor = new URL(route.request().url()).searchParams.get('cursor');
    if (answers === 2) return route.abort();
    if (answers === 5) return undefined; // It is never answered.
    return route.fulfill({ contentType: 'application/x-ndjson', body: `part after ${cursor}\n`, headers: cursor ? {} : { 'tenon-next-cursor': 'one' } });
  });
  await signIn(page, 'adam', '/audit');
  await page.getByRole('button', { name: 'Export as NDJSON' }).click();
  await page.getByText('1 part fetched').waitFor();
  const file = await saved(page, 'Try again');
  assert.equal(file.text, 'part after null\npart after one\n');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await page.getByText('1 part fetched').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The export is cancelled.').waitFor();
  await page.getByRole('button', { name: 'Export as CSV', disabled: false }).waitFor();
});

test('the integrity of the audit is checked', async (t) => {
  const page = await browser.page(t, { width: 390, scheme: 'dark' });
  await signIn(page, 'adam', '/audit');
  const integrity = page.getByRole('region', { name: 'Integrity' });
  await integrity.getByRole('button', { name: 'Check now' }).click();
  await integrity.getByText(/^Nothing is sealed yet|Nothing was altered/).waitFor();
  await page.route('**/v1/audit/integrity', (route) => route.fulfill({
    json: { seals: 1, head: 'f00d', from: 1, to: 1, entries: 3, verified: false, sealedUntil: '2026-11-20T10:00:00Z', broken: [{ seq: 1, entryId: 'aud_1', what: 'altered' }], items: [] },
  }));
  await integrity.getByRole('button', { name: 'Check now' }).click();
  await integrity.getByText(/An entry was altered.*aud_1/).waitFor();
  await integrity.getByRole('button', { name: 'Copy: hash of the last seal' }).waitFor();
  await assertAccessible(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page scrolls sideways');
});
