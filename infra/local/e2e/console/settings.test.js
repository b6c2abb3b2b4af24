// The settings of a tenant, as its administrator changes them.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
let acme;
before(async () => {
  acme = await caller('acme');
});

const admins = (page) => page.getByRole('textbox', { name: 'Admins' });
const save = (page) => page.getByRole('button', { name: 'Save', exact: true }).click();
/** The question that is asked; what is slotted into a dialog is no part of its tree. */
const asked = (page) => page.locator('tenon-confirm');

test('an administrator opts in to reminders', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/settings');
  await admins(page).fill('adam@acme.example\nops@acme.example');
  await page.getByRole('checkbox', { name: /remind admins/i }).check();
  for (const days of ['7', '30']) {
    await page.getByRole('spinbutton', { name: 'Days before' }).fill(days);
    await page.getByRole('spinbutton', { name: 'Days before' }).press('Enter');
  }
  await assertAccessible(page);
  await takeScreens(page, 'settings');
  await save(page);
  await page.getByText('Saved.', { exact: true }).waitFor();
  const { reminders, admins: told } = await acme.get('/v1/settings');
  assert.deepEqual([reminders.enabled, reminders.daysBefore, told], [true, [30, 7], ['adam@acme.example', 'ops@acme.example']]);
  await page.getByRole('button', { name: 'Remove 7 days' }).click();
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.getByRole('button', { name: 'Remove 7 days' }).waitFor();
});

test('of two tabs the second to save is told, and keeps what was typed', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/settings');
  await admins(page).fill('late@acme.example');
  const { revision, ...settings } = await acme.get('/v1/settings');
  await acme.put('/v1/settings', { ...settings, admins: ['first@acme.example'] }, { 'if-match': `"${revision}"` });
  await save(page);
  await page.getByText(/changed by someone else/).waitFor();
  assert.equal(await admins(page).inputValue(), 'late@acme.example');
  await assertAccessible(page);
  await takeScreens(page, 'settings-conflict');
  await page.getByRole('button', { name: 'Load the current version' }).click();
  await page.waitForFunction((field) => field.value === 'first@acme.example', await admins(page).elementHandle());
  assert.deepEqual((await acme.get('/v1/settings')).admins, ['first@acme.example']);
});

test('what is wrong stands beside its field, and nothing is lost by leaving', async (t) => {
  const page = await browser.page(t, { width: 390, scheme: 'dark' });
  await signIn(page, 'adam', '/settings');
  await admins(page).fill('somebody');
  await save(page);
  await page.getByText('somebody: Is not an e-mail address.').waitFor();
  assert.equal(await admins(page).getAttribute('aria-invalid'), 'true');
  assert.ok(await admins(page).evaluate((field) => field === field.getRootNode().activeElement), 'the field has the focus');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await assertAccessible(page);
  await asked(page).getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await admins(page).inputValue(), 'somebody');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await asked(page).getByRole('button', { name: 'Leave without saving' }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
});

test('the secret of a webhook endpoint is shown once', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/settings/webhooks');
  await page.getByRole('button', { name: 'New endpoint' }).click();
  await page.getByRole('textbox', { name: 'URL' }).fill('https://hooks.example.com/tenon');
  await page.getByRole('combobox', { name: 'Events' }).selectOption('some');
  await page.getByRole('checkbox', { name: 'The status of a connection changed' }).check();
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  const secret = await page.getByText(/^whsec_/).innerText();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await assertAbsent(page, secret, 'signing secret');
  await page.getByRole('link', { name: 'https://hooks.example.com/tenon', exact: true }).click();
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  await assertAbsent(page, secret, 'signing secret');
  await page.getByRole('button', { name: 'New secret' }).click();
  await asked(page).getByRole('button', { name: 'New secret' }).click();
  const rotated = await page.getByText(/^whsec_/).innerText();
  assert.notEqual(rotated, secret);
  await page.getByText(/signed with the secret before, too/).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'webhook');
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await asked(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  await page.getByRole('link', { name: 'https://hooks.example.com/tenon', exact: true }).waitFor({ state: 'detached' });
  await assertAbsent(page, rotated, 'signing secret');
});
