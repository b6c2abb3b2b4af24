// Flows: the two sides of each, and which connections they have.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createKeyConnections, createSync } from './support/flows.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
let tenant;
let ids;
before(async () => {
  tenant = await caller('acme');
  ids = await createKeyConnections(tenant, 'flows-page', { 'Flow One': {}, 'Flow Two': {}, 'Flow Sandbox': { environment: 'test' } });
});

/** The connections of a flow, as the API has them. */
async function bound(id) {
  const flow = await tenant.get(`/v1/flows/${id}`);
  return Object.fromEntries(flow.bindings.map((b) => [b.slot, b.connectionId]));
}

const side = (within, slot) => within.getByRole('button', { name: new RegExp(`^Connection for ${slot}:`) });

test('one side of an active flow is switched', async (t) => {
  await createSync('aa-switched', 'Orders', 'active', { source: ids['Flow One'], destination: ids['Flow Two'] });
  const page = await browser.page(t);
  await signIn(page, 'adam', '/flows?connector=demo-crm&state=active');
  const card = page.getByRole('article', { name: 'Orders' });
  await side(card, 'Source').filter({ hasText: 'Flow One' }).click();
  const list = card.getByRole('group', { name: 'Connection for Source' });
  await list.getByText('The binding does not allow the environment of the connection.').first().waitFor();
  assert.equal(await list.getByRole('button', { name: /Flow Sandbox/ }).count(), 0);
  await assertAccessible(page);
  await takeScreens(page, 'flows');
  await list.getByRole('button', { name: /Flow Two/ }).click();
  await page.getByRole('dialog', { name: 'Switch Source of Orders?' }).waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await bound('aa-switched'), { source: ids['Flow One'], destination: ids['Flow Two'] });
  await side(card, 'Source').click();
  await list.getByRole('button', { name: /Flow Two/ }).click();
  await page.getByRole('button', { name: 'Switch now' }).click();
  await page.getByText('Orders uses “Flow Two” for Source now.').waitFor();
  await side(card, 'Source').filter({ hasText: 'Flow Two' }).waitFor();
  assert.deepEqual(await bound('aa-switched'), { source: ids['Flow Two'], destination: ids['Flow Two'] });
});

test('a paused flow is bound by keyboard and activated', async (t) => {
  await createSync('aa-paused', 'Invoices', 'paused');
  const page = await browser.page(t, { width: 390, scheme: 'dark' });
  await signIn(page, 'adam', '/flows?state=paused');
  const card = page.getByRole('article', { name: 'Invoices' });
  await card.getByText('Destination: nothing is connected.').waitFor();
  assert.equal(await card.getByRole('link', { name: 'Connect: Source' }).getAttribute('href'), '/console/add/demo-crm');
  await card.getByRole('button', { name: /^Activate/ }).click();
  await card.getByRole('alert').getByText('A binding does not accept its connection.').waitFor();
  await assertAccessible(page);
  for (const slot of ['Source', 'Destination']) {
    await side(card, slot).press('Enter');
    await card.getByRole('group', { name: `Connection for ${slot}` }).getByRole('button', { name: /Flow One/ }).press('Enter');
    await side(card, slot).filter({ hasText: 'Flow One' }).waitFor();
  }
  await card.getByText('Ready: every connection fits and can be used.').waitFor();
  await card.getByRole('button', { name: /^Activate/ }).click();
  await card.getByRole('button', { name: /^Pause/ }).waitFor();
  assert.equal((await tenant.get('/v1/flows/aa-paused')).state, 'active');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page scrolls sideways');
});

test('what somebody else changed meanwhile is not overwritten', async (t) => {
  await createSync('aa-conflict', 'Stock', 'paused', { source: ids['Flow One'] });
  const page = await browser.page(t);
  await signIn(page, 'adam', '/flows/aa-conflict');
  await page.getByRole('heading', { level: 1, name: 'Stock' }).waitFor();
  await tenant.patch('/v1/flows/aa-conflict', { name: 'Stock levels' }, { 'if-match': '*' });
  await side(page, 'Source').click();
  await page.getByRole('group', { name: 'Connection for Source' }).getByRole('button', { name: /Flow Two/ }).click();
  await page.getByRole('alert').getByText(/changed by someone else/).waitFor();
  await assertAccessible(page);
  assert.equal((await bound('aa-conflict')).source, ids['Flow One']);
  await page.getByRole('button', { name: 'Load the current version' }).click();
  await page.getByRole('heading', { level: 1, name: 'Stock levels' }).waitFor();
  await side(page, 'Source').click();
  await page.getByRole('group', { name: 'Connection for Source' }).getByRole('button', { name: /Flow Two/ }).click();
  await side(page, 'Source').filter({ hasText: 'Flow Two' }).waitFor();
  assert.equal((await bound('aa-conflict')).source, ids['Flow Two']);
});

test('a flow is renamed and deleted, and a viewer can do neither', async (t) => {
  await createSync('aa-deleted', 'Tickets', 'paused', { source: ids['Flow One'] });
  const viewer = await browser.page(t);
  await signIn(viewer, 'vera', '/flows/aa-deleted');
  await viewer.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
  assert.equal(await viewer.locator('tenon-page-flow').getByRole('button').count(), 0);
  const page = await browser.page(t);
  await signIn(page, 'adam', '/flows/aa-deleted');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Support tickets');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Support tickets' }).waitFor();
  await page.getByRole('region', { name: 'Recent changes' }).getByText('flow.update').first().waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'flow');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: 'Delete Support tickets?' }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).last().click();
  await page.getByText('Support tickets is deleted.').waitFor();
  await assert.rejects(tenant.get('/v1/flows/aa-deleted'), /404/);
});
