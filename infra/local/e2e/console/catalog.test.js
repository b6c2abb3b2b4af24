// The catalog in the console: finding a system, setting it up, and what is asked when
// it lists several accounts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { labIssuer } from './support/control.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { startSite } from './support/site.js';
import { caller, createTenant } from './support/tenon.js';

const browser = useBrowser();

test('the way back leads to what was searched for', async (t) => {
  const page = await browser.page(t, { locale: 'de-DE' });
  await signIn(page, 'vera', '/catalog');
  await page.getByRole('searchbox').fill('sales');
  await page.getByRole('combobox', { name: 'Art der Anmeldung' }).selectOption({ label: 'Signierte Zusicherung' });
  await page.getByText('1 System', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Salesforce' }).click();
  await page.getByRole('heading', { name: 'Arten der Anmeldung' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Einrichten' }).count(), 0, 'a viewer sets nothing up');
  await assertAccessible(page);
  await page.goBack();
  await page.getByText('1 System', { exact: true }).waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'sales');
});

test('who may sets a system up, and others connect it then', async (t) => {
  await createTenant('catalog-setup');
  const page = await browser.page(t);
  await signIn(page, 'olive', '/catalog/custom-oidc?tenant=catalog-setup');
  const connecting = page.getByRole('complementary');
  await page.getByRole('button', { name: /^Set (it )?up/ }).click();
  await page.getByLabel('Name', { exact: true }).fill('Our sign-in');
  await page.getByRole('button', { name: 'Save the template' }).click();
  await page.getByText('Something is not right yet: Issuer, Client ID.').waitFor();
  await page.getByLabel('Issuer').fill(labIssuer);
  await page.getByLabel('Client ID').fill('client-1');
  await page.getByRole('button', { name: 'Save the template' }).click();
  await page.getByText("This auth scheme needs the client's secret.").waitFor();
  assert.equal(await page.getByLabel('Client ID').inputValue(), 'client-1');
  await assertAccessible(page);
  await takeScreens(page, 'catalog-setup');
  await page.getByLabel(/^Client secret/).fill('client-secret-of-the-catalog-test');
  await page.getByRole('button', { name: 'Save the template' }).click();
  await connecting.getByText(/v1\/oauth\/callback\/tpl_/).waitFor();
  await assertAbsent(page, 'client-secret-of-the-catalog-test', 'client secret');
  await page.getByRole('link', { name: 'Connect Our sign-in' }).click();
  await page.getByRole('button', { name: 'Continue to Custom OpenID Connect' }).waitFor();
  assert.equal(await page.getByLabel('Issuer').count(), 0, 'what the template gives is not asked for');
});

test('a viewer sees how, and cannot', async (t) => {
  const page = await browser.page(t, { width: 390 });
  await signIn(page, 'vera', '/catalog/demo-crm');
  await page.getByText('You may look at connections, and not make any.').waitFor();
  assert.equal(await page.getByRole('link', { name: /^Connect/ }).count(), await page.getByRole('link', { name: 'Connectors' }).count());
  await signIn(page, 'vera', '/add/demo-crm');
  await page.getByText('You may look at connections, and not make any.').waitFor();
});

test('of several accounts a person chooses one', async (t) => {
  const tenant = await createTenant('catalog-accounts');
  const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });
  const system = await startSite(t, { '/accounts': json([{ id: 'north', name: 'Shop North' }, { id: 'south', name: 'Shop South' }]), '/south/me': json({ id: 'south' }) }, { host: '127.0.0.1' });
  const template = await createShopTemplate(system);
  const page = await browser.page(t);
  await signIn(page, 'olive', `/add/own-shops?template=${template.id}&tenant=catalog-accounts`);
  await page.getByLabel('Key', { exact: true }).fill('key-of-both-shops');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('radio', { name: /Shop South/ }).check();
  await assertAccessible(page);
  await takeScreens(page, 'add-account');
  await page.getByRole('button', { name: 'Use this account' }).click();
  await page.getByText('Account: Shop South').waitFor();
  const { items } = await tenant.get('/v1/connections');
  assert.deepEqual(items.map((c) => [c.status, c.account.id]), [['active', 'south']]);
});

/** The organization's template of a system of its own whose keys reach several shops. */
async function createShopTemplate(baseUrl) {
  const organization = await caller('org');
  const shops = {
    id: 'own-shops', name: 'Shops', description: 'A system of our own with a key for several shops.', categories: ['custom'], logo: { letters: 'Sh', color: '#33557a' },
    network: 'public', baseUrl: '{baseUrl}', hosts: ['{baseUrl}'], inputs: [{ name: 'baseUrl', title: 'Base URL', type: 'url' }],
    schemes: [{
      id: 'api_key', type: 'api_key', name: 'Key', fields: [{ name: 'apiKey', title: 'Key', type: 'secret', help: 'Any.' }], apply: { headers: { 'X-Api-Key': '{apiKey}' } },
      accounts: { request: { method: 'GET', url: '{baseUrl}/accounts' }, id: 'id', name: 'name', capture: [{ name: 'shop', from: 'account', path: 'id', type: 'path-segment' }] },
      verify: { method: 'GET', url: '{baseUrl}/{shop}/me' }, rotation: [{ title: 'Make a second key', text: 'Then delete the first.' }],
    }],
    guide: [{ title: 'Make a key', text: 'In the settings.' }], sources: [{ url: 'https://www.rfc-editor.org/rfc/rfc9110', checkedAt: '2026-11-20' }],
  };
  await organization.put('/v1/connectors/own-shops', { definition: shops });
  return organization.post('/v1/templates', { connector: 'own-shops', name: 'Shops', stableKey: 'catalog-shops', authScheme: 'api_key', inputs: { baseUrl }, embedded: true });
}
