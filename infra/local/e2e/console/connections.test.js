// All connections in one place, and what those see who may only look.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { connectByKey, openConnection } from './support/connections.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { caller, createCRMTemplate } from './support/tenon.js';

const browser = useBrowser();
let acme;
let keyTemplate;
before(async () => {
  acme = await caller('acme');
  keyTemplate = await createCRMTemplate('connections-page-key', 'api_key', { embedded: true });
});

test('who may only look finds no button that changes anything', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Looked at');
  const page = await browser.page(t);
  await openConnection(page, 'vera', connection);
  await page.getByText('No flow uses this connection.').waitFor();
  const buttons = await page.locator('main').getByRole('button').allInnerTexts();
  assert.deepEqual(buttons, []);
  await page.getByRole('link', { name: 'All connections' }).click();
  await page.getByRole('link', { name: 'Looked at' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Add connection' }).count(), 0);
  await assertAccessible(page);
});

test('all connections are listed, and the address keeps the filter', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Listed by its status');
  const page = await browser.page(t);
  await signIn(page, 'adam', '/connections?status=active');
  await page.getByRole('link', { name: connection.name }).first().waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'connections');
  await page.getByLabel('Environment').selectOption('test');
  await page.getByRole('link', { name: connection.name }).first().waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).search, '?status=active&environment=test');
  await page.goBack();
  await page.getByRole('link', { name: connection.name }).first().waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('heading', { level: 2, name: connection.name }).first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is scrolled sideways');
  await assertAccessible(page);
});
