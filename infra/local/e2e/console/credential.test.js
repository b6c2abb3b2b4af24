// The key of a connection is replaced, and is nowhere in the page.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { connectByKey, dialogOf, openConnection, press } from './support/connections.js';
import { assertAbsent } from './support/secrets.js';
import { caller, createCRMTemplate, newKey } from './support/tenon.js';

const browser = useBrowser();
let acme;
let keyTemplate;
before(async () => {
  acme = await caller('acme');
  keyTemplate = await createCRMTemplate('credential-page-key', 'api_key', { embedded: true });
});

const current = (connection) => acme.get(`/v1/connections/${connection.id}`);

test('a key is replaced in steps, and is nowhere in the page', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Rotated key');
  const page = await browser.page(t);
  await openConnection(page, 'adam', connection);
  const dialog = dialogOf(page);
  const stage = async () => {
    const key = await newKey();
    await press(page, 'Replace the credential');
    await dialog.getByRole('radio', { name: /^Later/ }).check();
    await dialog.getByLabel('API key').fill(key);
    await dialog.getByRole('button', { name: 'Save for later' }).click();
    await page.getByRole('heading', { name: 'Version 2' }).or(page.getByRole('heading', { name: 'Version 3' })).first().waitFor();
    await dialog.waitFor({ state: 'detached' });
    return key;
  };
  const confirm = async (button) => {
    await press(page, button);
    await page.getByRole('dialog').waitFor();
    await press(dialog, button);
    await dialog.waitFor({ state: 'detached' });
  };

  const second = await stage();
  assert.equal((await current(connection)).credential.version, 1, 'what waits is not in use');
  await confirm('Put to use');
  const promoted = await current(connection);
  assert.deepEqual([promoted.credential.version, promoted.previousCredential.version], [2, 1]);

  await confirm('Go back to it');
  const back = await current(connection);
  assert.deepEqual([back.credential.version, back.previousCredential.version], [1, 2]);

  const third = await stage();
  await confirm('Discard');
  const left = await current(connection);
  assert.deepEqual([left.credential.version, left.pendingCredential], [1, undefined]);
  await assertAbsent(page, second, 'second key');
  await assertAbsent(page, third, 'third key');
  await assertAccessible(page);
});

test('a refused key is said to be refused, and is not kept', async (t) => {
  const connection = await connectByKey(acme, keyTemplate, 'Refused key');
  const page = await browser.page(t, { width: 390, scheme: 'dark' });
  await openConnection(page, 'adam', connection);
  await press(page, 'Replace the credential');
  const dialog = dialogOf(page);
  await dialog.getByLabel('API key').fill('crm_key_wrong_0123456789abcdef');
  await dialog.getByRole('button', { name: 'Check and replace' }).click();
  await dialog.getByRole('alert').first().waitFor();
  await assertAccessible(page);
  await assertAbsent(page, 'crm_key_wrong_0123456789abcdef', 'refused key');
  assert.equal((await current(connection)).credential.version, 1);
});
