// The hosted connect link, as an end user of a tenant opens it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createLabTemplate } from './support/lab.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { createConnectSession, createCRMTemplate, createTenant, newKey } from './support/tenon.js';

const browser = useBrowser();
let tenant;
before(async () => {
  tenant = await createTenant('hosted-link');
});

/** The session as the tenant's backend sees it. */
const sessionOf = (link) => tenant.get(`/v1/connect-sessions/${link.sessionId}`);

test('a person connects with a key', async (t) => {
  const template = await createCRMTemplate('hosted-link-key', 'api_key', { embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const key = await newKey();
  const page = await browser.page(t);
  await page.goto(link.url);
  await assertAccessible(page);
  await takeScreens(page, 'hosted-link-key');
  await page.getByLabel(/key/i).fill(key);
  await page.getByRole('button', { name: /connect/i }).click();
  await page.getByRole('heading', { name: /connected/i }).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'hosted-link-connected');
  await assertAbsent(page, key, 'API key');
  assert.equal((await sessionOf(link)).state, 'completed');
});

test('a wrong key is refused and not shown again', async (t) => {
  const template = await createCRMTemplate('hosted-link-wrong', 'api_key', { embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const page = await browser.page(t, { scheme: 'dark', width: 390 });
  await page.goto(link.url);
  await page.getByLabel(/key/i).fill('crm_key_wrong_9876543210abcdef');
  await page.getByRole('button', { name: /connect/i }).click();
  await page.getByRole('alert').first().waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'hosted-link-refused');
  await assertAbsent(page, 'crm_key_wrong_9876543210abcdef', 'refused key');
  assert.equal((await sessionOf(link)).state, 'failed');
});

test('a person connects by signing in to the CRM', async (t) => {
  const template = await createCRMTemplate('hosted-link-oauth', 'oauth2_authorization_code', { embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const page = await browser.page(t);
  await page.goto(link.url);
  await assertAccessible(page);
  await takeScreens(page, 'hosted-link-oauth');
  await page.getByRole('button', { name: /continue/i }).click();
  await page.getByRole('radio', { name: /Alice Archer/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: /connected/i }).waitFor();
  await assertAccessible(page);
  assert.equal((await sessionOf(link)).connectionStatus, 'active');
});

test('a person connects at the certified server', async (t) => {
  const template = await createLabTemplate('hosted-link-lab', { embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const page = await browser.page(t);
  await page.goto(link.url);
  await page.getByRole('button', { name: /continue/i }).click();
  await page.getByRole('heading', { name: /connected/i }).waitFor();
  assert.equal((await sessionOf(link)).connectionStatus, 'active');
});
