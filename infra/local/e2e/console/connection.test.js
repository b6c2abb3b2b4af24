// One connection: all that people do with it after it was made.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { connectByKey, dialogOf, openConnection, press } from './support/connections.js';
import { takeScreens } from './support/screens.js';
import { caller, createConnection, createCRMTemplate } from './support/tenon.js';

const browser = useBrowser();
let acme;
let keyTemplate;
let oauthTemplate;
before(async () => {
  acme = await caller('acme');
  keyTemplate = await createCRMTemplate('connection-page-key', 'api_key', { embedded: true });
  const made = await createCRMTemplate('connection-page', 'oauth2_authorization_code', { embedded: true });
  const organization = await caller('org');
  oauthTemplate = await organization.patch(`/v1/templates/${made.id}`, { scopes: ['crm.read'] }, { 'if-match': `"${made.revision}"` });
});

const current = (connection) => acme.get(`/v1/connections/${connection.id}`);

/** Has somebody agree at the demo CRM, in the tab that opens. */
async function consent(page, begin) {
  const opened = page.context().waitForEvent('page');
  await begin();
  const tab = await opened;
  await tab.getByRole('button', { name: /^Continue to/ }).click();
  await tab.getByRole('radio', { name: /Alice Archer/ }).check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.getByRole('heading', { name: /connected/i }).waitFor();
  await tab.close();
}

test('somebody connects, reconnects and asks for more at the demo CRM', async (t) => {
  const connection = await createConnection(acme, oauthTemplate.id, 'Signed in at the CRM');
  const page = await browser.page(t);
  await openConnection(page, 'adam', connection);
  const dialog = dialogOf(page);
  for (const [button, version] of [['Connect', 1], ['Reconnect', 2], ['Ask for more permissions', 3]]) {
    await press(page, button);
    await dialog.getByText('crm.read').first().waitFor();
    if (version === 3) {
      await dialog.getByRole('checkbox', { name: /crm.write/ }).check();
      await dialog.getByText('New: crm.write').waitFor();
      await assertAccessible(page);
    }
    await consent(page, () => dialog.getByRole('button', { name: /^Continue to/ }).click());
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: `Version ${version}` }).waitFor();
  }
  await page.getByText('Alice Archer').first().waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'connection');
  const { status, grantedScopes } = await current(connection);
  assert.deepEqual([status, grantedScopes], ['active', ['crm.read', 'crm.write']]);
});

test('what somebody else has changed meanwhile is not overwritten', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Changed twice');
  const first = await browser.page(t);
  await openConnection(first, 'adam', connection);
  const second = await browser.page(t);
  await openConnection(second, 'adam', connection);
  const rename = async (page, name) => {
    const dialog = dialogOf(page);
    if ((await dialog.count()) === 0) await press(page, 'Edit');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Save' }).click();
  };
  const shows = async (page, name) => {
    const trouble = dialogOf(page).locator('tenon-problem');
    await page.getByRole('heading', { level: 1, name }).or(trouble).first().waitFor();
    assert.deepEqual(await trouble.getByRole('alert').allInnerTexts(), []);
  };
  await rename(first, 'Changed by the first');
  await shows(first, 'Changed by the first');
  await rename(second, 'Changed by the second');
  const dialog = dialogOf(second);
  await dialog.getByText(/changed by someone else/).waitFor();
  assert.equal((await current(connection)).name, 'Changed by the first');
  await dialog.getByRole('button', { name: 'Load the current version' }).click();
  await second.getByRole('heading', { level: 1, name: 'Changed by the first' }).waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'Changed by the first');
  await rename(second, 'Changed after a look');
  await shows(second, 'Changed after a look');
  assert.equal((await current(connection)).name, 'Changed after a look');
});

test('what an active flow uses is deleted once the flow is moved', async (t) => {
  const used = await connectByKey(acme, keyTemplate, 'Used by a flow');
  const other = await connectByKey(acme, keyTemplate, 'Takes the flow over');
  const flow = `connection-page-${other.id.slice(-8).toLowerCase()}`;
  await acme.put(`/v1/flows/${flow}`, {
    name: 'Orders', kind: 'steps', state: 'active', bindings: [{ slot: 'crm', connector: 'demo-crm', connectionId: used.id }],
  });
  t.after(async () => acme.delete(`/v1/flows/${flow}`, { 'if-match': `"${(await acme.get(`/v1/flows/${flow}`)).revision}"` }));
  const page = await browser.page(t);
  await openConnection(page, 'adam', used);
  await press(page, 'Delete');
  const dialog = dialogOf(page);
  await dialog.getByText('It cannot be deleted yet.').waitFor();
  assert.equal(await dialog.getByRole('link', { name: flow }).first().getAttribute('href'), `/console/flows/${flow}`);
  await assertAccessible(page);
  await takeScreens(page, 'connection-in-use');
  await dialog.getByLabel('Other connection').selectOption(other.id);
  await dialog.getByRole('button', { name: 'Move the flows' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Connection deleted' }).waitFor();
  await assertAccessible(page);
  await dialog.getByRole('link', { name: 'All connections' }).click();
  await page.getByRole('heading', { level: 1, name: 'Connections' }).waitFor();
  assert.equal((await acme.get(`/v1/flows/${flow}`)).bindings[0].connectionId, other.id);
  await assert.rejects(current(used), /404/);
});

test('without a network nothing is lost, and it goes on with one', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Offline for a while');
  const page = await browser.page(t);
  await openConnection(page, 'adam', connection);
  await page.context().setOffline(true);
  await press(page, 'Verify now');
  await page.getByText(/No answer/).waitFor();
  await page.getByText('You are offline.', { exact: false }).waitFor();
  await page.context().setOffline(false);
  await press(page, 'Verify now');
  await page.getByText('The account answered.', { exact: false }).waitFor();
  await page.getByText(/No answer/).waitFor({ state: 'detached' });
});
