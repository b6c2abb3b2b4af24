// Adding a connection in the console: from the empty page to an account that works,
// each way that a person brings a credential.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { canary, labIssuer } from './support/control.js';
import { controlLab, createLabTemplate } from './support/lab.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { caller, createCRMTemplate, createTenant, newKey } from './support/tenon.js';

const browser = useBrowser();

/** The address of adding a connection through a template, for a tenant. */
const adding = (template, tenant) => `/add/${template.connector}?template=${template.id}&tenant=${tenant}`;

/** Asserts that the tenant has one connection, and that it is active. */
async function assertActive(tenant) {
  const { items } = await tenant.get('/v1/connections');
  assert.deepEqual(items.map((c) => c.status), ['active']);
}

test('four clicks lead from the empty page to the demo CRM', async (t) => {
  const tenant = await createTenant('add-oauth');
  const page = await browser.page(t);
  await signIn(page, 'olive', '/connectors?tenant=add-oauth');
  let clicks = 0;
  const click = (control) => { clicks += 1; return control.click(); };
  await click(page.getByRole('link', { name: 'Connect', exact: true }));
  await page.getByRole('heading', { name: 'Ready to connect' }).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'catalog');
  await click(page.getByRole('link', { name: 'Connect Tenon Demo CRM' }));
  await page.getByLabel('Name of the connection').waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'add');
  const opening = page.context().waitForEvent('page');
  await click(page.getByRole('button', { name: 'Continue to Tenon Demo CRM' }));
  const tab = await opening;
  await click(tab.getByRole('button', { name: /continue/i }));
  assert.equal(clicks, 4);
  await assertAccessible(page);
  await takeScreens(page, 'add-handoff');
  assert.equal(await tab.evaluate(() => window.opener), null);
  await tab.getByRole('radio', { name: /Alice Archer/ }).check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.getByRole('heading', { name: /connected/i }).waitFor();
  await page.getByRole('heading', { name: 'Tenon Demo CRM is connected' }).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'add-connected');
  await assertActive(tenant);
});

test('declining at the demo CRM can be put right', async (t) => {
  const tenant = await createTenant('add-declined');
  const template = await createCRMTemplate('add-declined', 'oauth2_authorization_code', { embedded: true });
  const page = await browser.page(t, { width: 390, scheme: 'dark' });
  await signIn(page, 'olive', adding(template, 'add-declined'));
  const answer = async (button, decision) => {
    const opening = page.context().waitForEvent('page');
    await page.getByRole('button', { name: button }).click();
    const tab = await opening;
    await tab.getByRole('button', { name: /continue/i }).click();
    await tab.getByRole('radio', { name: /Alice Archer/ }).check();
    await tab.getByRole('button', { name: decision }).click();
    await tab.getByRole('heading', { name: /connected/i }).waitFor();
    await tab.close();
  };
  await answer(/Continue to/, /deny|decline|refuse/i);
  await page.getByText(/Access was declined/).waitFor();
  await assertAccessible(page);
  await answer('Start again', 'Allow');
  await page.getByRole('heading', { name: /is connected/ }).waitFor();
  await assertActive(tenant);
});

test('a person connects at the certified server, in a browser that opens no tab by itself', async (t) => {
  const tenant = await createTenant('add-lab');
  const template = await createLabTemplate('add-lab', { embedded: true });
  const page = await browser.page(t);
  await page.addInitScript(() => { window.open = () => null; });
  await signIn(page, 'olive', adding(template, 'add-lab'));
  await page.getByRole('button', { name: 'Continue to Custom OpenID Connect' }).click();
  const opening = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open Custom OpenID Connect' }).click();
  const tab = await opening;
  await tab.getByRole('button', { name: /continue/i }).click();
  await tab.getByRole('heading', { name: /connected/i }).waitFor();
  await page.getByRole('heading', { name: /is connected/ }).waitFor();
  await assertActive(tenant);
});

test('a given up handoff leaves no connection', async (t) => {
  const tenant = await createTenant('add-given-up');
  const template = await createCRMTemplate('add-given-up', 'oauth2_authorization_code', { embedded: true });
  const page = await browser.page(t);
  await signIn(page, 'olive', adding(template, 'add-given-up'));
  await page.getByLabel('Name of the connection').fill('Not this one');
  await page.getByRole('button', { name: /Continue to/ }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: /Continue to/ }).waitFor();
  assert.equal(await page.getByLabel('Name of the connection').inputValue(), 'Not this one');
  await assert.doesNotReject(async () => {
    for (let tries = 0; (await tenant.get('/v1/connections')).items.length > 0; tries += 1) assert.ok(tries < 50, 'the connection is still there');
  });
});

test('a wrong key is said beside its field, and kept nowhere', async (t) => {
  const tenant = await createTenant('add-wrong');
  const template = await createCRMTemplate('add-wrong', 'api_key', { embedded: true });
  const page = await browser.page(t, { width: 390 });
  await signIn(page, 'olive', adding(template, 'add-wrong'));
  const key = page.getByLabel('API key', { exact: true });
  await page.getByLabel('Name of the connection').fill('Wrongly keyed');
  await key.press('Enter');
  await page.getByText('Is required.').waitFor();
  await key.fill('crm_key_wrong_9876543210abcdef');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('alert').getByText('The system refused the credential.').waitFor();
  await assertAbsent(page, 'crm_key_wrong_9876543210abcdef', 'refused key');
  assert.equal(await key.getAttribute('aria-invalid'), 'true');
  const described = await key.evaluate((field) => field.getAttribute('aria-describedby').split(' ').map((id) => field.getRootNode().getElementById(id).textContent).join(' '));
  assert.match(described, /The system refused the credential/);
  assert.equal(await page.getByLabel('Name of the connection').inputValue(), 'Wrongly keyed');
  await assertAccessible(page);
  await takeScreens(page, 'add-refused');
  const right = await newKey();
  await key.fill(right);
  await key.press('Enter');
  await page.getByRole('heading', { name: 'Wrongly keyed is connected' }).waitFor();
  await assertAbsent(page, right, 'API key');
  await assertActive(tenant);
});

test('sent again after its answer was lost, a key makes one connection', async (t) => {
  const tenant = await createTenant('add-lost');
  const template = await createCRMTemplate('add-lost', 'api_key', { embedded: true });
  const page = await browser.page(t);
  await signIn(page, 'olive', adding(template, 'add-lost'));
  const submit = async (key) => {
    await page.getByLabel('API key', { exact: true }).fill(key);
    await page.getByRole('button', { name: 'Connect' }).click();
  };
  await page.route('**/v1/connections', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  const key = await newKey();
  await submit(key);
  await page.getByText(/nothing is made twice/).waitFor();
  await assertAbsent(page, key, 'API key');
  await submit(key);
  await page.getByRole('heading', { name: /is connected/ }).waitFor();
  await assertActive(tenant);
});

test('the keyboard alone leads from the empty page to a connection', async (t) => {
  const tenant = await createTenant('add-keyboard');
  const page = await browser.page(t);
  await signIn(page, 'olive', '/connectors?tenant=add-keyboard');
  await tabTo(page, 'Connect');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ready to connect' }).waitFor();
  await tabTo(page, 'Tenon Demo CRM');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ways to sign in' }).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'catalog-entry');
  await tabTo(page, 'Connect Demo CRM with a key');
  await page.keyboard.press('Enter');
  await page.getByLabel('API key', { exact: true }).waitFor();
  await tabTo(page, 'API key');
  const key = await newKey();
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Tenon Demo CRM is connected' }).waitFor();
  await tabTo(page, 'Open the connection');
  await assertAbsent(page, key, 'API key');
  await assertActive(tenant);
});

test('the key file of a service account is chosen, and shown by its name alone', async (t) => {
  const tenant = await createTenant('add-file');
  const file = await serviceAccountFile('robot@add-file.example.com');
  const template = await createRobotTemplate();
  const page = await browser.page(t);
  await signIn(page, 'olive', adding(template, 'add-file'));
  const field = page.getByLabel('Key file', { exact: true });
  await field.setInputFiles({ name: 'huge.json', mimeType: 'application/json', buffer: Buffer.alloc(20_000, 'x') });
  await page.getByText('Must be at most 16384 bytes.').waitFor();
  await field.setInputFiles({ name: 'robot.json', mimeType: 'application/json', buffer: Buffer.from(file) });
  await page.getByText(/^robot\.json, 1\.\d kB$/).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'add-file');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: /is connected/ }).waitFor();
  await assertAbsent(page, JSON.parse(file).private_key.split('\n')[3], 'private key');
  await assertActive(tenant);
});

/** Presses Tab until what has the focus is called like that. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
    });
    if (focused.trim() === name) return;
  }
  assert.fail(`the keyboard does not reach ${name}`);
}

/** A key file of an account that the certified server knows. */
async function serviceAccountFile(account) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'file-key', alg: 'RS256', use: 'sig' };
  await controlLab('POST', '/_lab/clients', {
    client_id: account, jwks: { keys: [jwk] }, token_endpoint_auth_method: 'none', redirect_uris: ['https://tenon.example.com/callback'], response_types: ['code'],
    scope: 'openid offline_access crm.read', grant_types: ['authorization_code', 'client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
  });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await canary('private key', pem.split('\n')[3]);
  return JSON.stringify({ type: 'service_account', client_email: account, private_key_id: 'file-key', token_uri: `${labIssuer}/service-account/token`, private_key: pem });
}

/** The organization's template of a system of its own, which takes key files. */
async function createRobotTemplate() {
  const organization = await caller('org');
  const robots = {
    id: 'own-robots', name: 'Robots', description: 'A system of our own that knows its robots by their keys.', categories: ['custom'], logo: { letters: 'Ro', color: '#33557a' },
    network: 'public', baseUrl: '{issuer}', hosts: ['{issuer}'], inputs: [{ name: 'issuer', title: 'Issuer', type: 'url' }],
    schemes: [{
      id: 'service_account_key', type: 'service_account_key', name: 'Key file', fields: [{ name: 'key', title: 'Key file', type: 'file', help: 'The JSON file, as it is.' }],
      apply: { headers: { Authorization: 'Bearer {accessToken}' } },
      oauth: {
        tokenUrl: '{issuer}/service-account/token', clientAuth: 'none', pkce: 'unsupported', scopes: [{ name: 'crm.read', description: 'Read contacts' }],
        defaultScopes: ['crm.read'], refresh: { supported: false },
      },
      assertion: { algorithm: 'RS256', issuer: '{serviceAccount}', scope: true, seconds: 300 },
      verify: { method: 'GET', url: '{issuer}/api/me', account: { id: 'id' } },
      rotation: [{ title: 'Make a second key', text: 'Register it beside the first.' }],
    }],
    guide: [{ title: 'Make a key', text: 'Register its public half.' }], sources: [{ url: 'https://www.rfc-editor.org/rfc/rfc7523', checkedAt: '2026-11-20' }],
  };
  await organization.put('/v1/connectors/own-robots', { definition: robots });
  return organization.post('/v1/templates', { connector: 'own-robots', name: 'Robots', stableKey: 'add-robots', authScheme: 'service_account_key', inputs: { issuer: labIssuer }, embedded: true });
}
