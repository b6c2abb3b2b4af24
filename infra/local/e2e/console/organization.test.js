// What people of the organization do: templates, and the tenants that connect through them.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { canary, crmURL } from './support/control.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { caller, createConnection, createCRMTemplate, createTenant } from './support/tenon.js';

const browser = useBrowser();
let organization;
before(async () => {
  organization = await caller('org');
});

const field = (page, name) => page.getByRole('textbox', { name, exact: true });

test('a template is created, and its client secret is nowhere afterwards', async (t) => {
  const secret = await canary('client secret', `canary-${crypto.randomUUID()}`);
  const page = await browser.page(t);
  await signIn(page, 'olive', '/organization');
  await page.getByRole('link', { name: 'New template' }).click();
  await page.getByRole('combobox', { name: 'Connector' }).selectOption('demo-crm');
  await page.getByRole('combobox', { name: 'How it signs in' }).selectOption('oauth2_authorization_code');
  await field(page, 'Name').fill('CRM of the console');
  await field(page, 'Stable key').fill('console-created');
  const fixed = page.getByRole('checkbox', { name: /^The same for all: Base URL/i });
  await fixed.check();
  await field(page, 'Base URL').fill(crmURL);
  await field(page, 'Client id').fill('tenon-dev');
  await page.getByLabel('Client secret').fill(secret);
  await assertAccessible(page);
  await takeScreens(page, 'template-new');
  await page.getByRole('button', { name: 'Create template' }).click();
  await page.getByRole('heading', { level: 1, name: 'CRM of the console' }).waitFor();
  await page.getByText('Redirect URI', { exact: true }).waitFor();
  await assertAbsent(page, secret, 'client secret');
  await assertAccessible(page);
  await takeScreens(page, 'template');
  const { items } = await organization.get('/v1/templates?limit=100');
  const made = items.find((template) => template.stableKey === 'console-created');
  assert.deepEqual([made.clientId, made.clientSecret.last4, made.inputs], ['tenon-dev', secret.slice(-4), { baseUrl: crmURL }]);
});

test('what a change means is shown before it is made', async (t) => {
  const template = await createCRMTemplate('console-changed');
  await createConnection(await createTenant('console-changed'), template.id, 'Waiting');
  const page = await browser.page(t);
  await signIn(page, 'olive', `/organization/templates/${template.id}`);
  await page.getByRole('checkbox', { name: /^crm.write/ }).uncheck();
  await page.getByRole('button', { name: 'Check and save' }).click();
  await page.getByRole('dialog', { name: 'What this change means' }).waitFor();
  const dialog = page.locator('tenon-confirm');
  await dialog.getByText('1 connection is touched.').waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'template-impact');
  assert.equal((await organization.get(`/v1/templates/${template.id}`)).revision, template.revision, 'nothing is changed yet');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  assert.deepEqual((await organization.get(`/v1/templates/${template.id}`)).scopes, ['crm.read']);
});

test('a tenant is onboarded, acted for, and removed', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'olive', '/organization/tenants');
  await page.getByRole('button', { name: 'New tenant' }).click();
  await field(page, 'Name').fill('Initech');
  await field(page, 'Id').fill('initech');
  await page.getByRole('button', { name: 'Create tenant' }).click();
  await page.getByRole('heading', { level: 1, name: 'Initech' }).waitFor();
  await page.getByText('Ready').waitFor();
  await takeScreens(page, 'tenant');
  await page.getByRole('link', { name: 'Act for Initech' }).click();
  await page.getByText(/^You act for initech\./).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('tenant'), 'initech');
  await page.getByRole('heading', { name: 'Connect your first system' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Tenant' }).inputValue(), 'initech');
  await page.getByRole('link', { name: 'Organization', exact: true }).click();
  await page.getByRole('link', { name: 'Act for the organization' }).click();
  await page.getByRole('link', { name: 'Tenants' }).click();
  await page.getByRole('link', { name: 'Initech', exact: true }).click();
  await page.getByRole('button', { name: 'Remove tenant' }).click();
  await page.getByRole('dialog', { name: 'Remove Initech?' }).waitFor();
  const dialog = page.locator('tenon-confirm');
  const remove = dialog.getByRole('button', { name: 'Remove tenant' });
  assert.ok(await remove.isDisabled(), 'its name has to be typed');
  await assertAccessible(page);
  await dialog.getByRole('textbox', { name: 'Type initech to confirm' }).fill('initech');
  await remove.click();
  await page.getByRole('heading', { name: 'Being removed' }).waitFor();
  assert.equal((await organization.get('/v1/tenants/initech')).state, 'offboarding');
});
