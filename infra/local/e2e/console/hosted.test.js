// What the hosted pages promise besides connecting: languages, files, secrets that
// are not shown again, results, and no hold on them for whoever opened them.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { canary, crmURL, tenonURL } from './support/control.js';
import { createLabTemplate } from './support/lab.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';
import { caller, createConnectSession, createCRMTemplate, createTenant, newKey } from './support/tenon.js';

const browser = useBrowser();
let tenant, keyed, signed;
before(async () => {
  tenant = await createTenant('hosted', 'Bäckerei Krümel');
  keyed = await createCRMTemplate('hosted-key', 'api_key', { embedded: true });
  signed = await createCRMTemplate('hosted-oauth', 'oauth2_authorization_code', { embedded: true });
});

const sessionOf = (link) => tenant.get(`/v1/connect-sessions/${link.sessionId}`);
const linkTo = (template, more) => createConnectSession(tenant, { templates: [template.id], ...more });

/** Shows the page to axe and to whoever looks at the screenshots. */
async function inspect(page, name) {
  await assertAccessible(page);
  await takeScreens(page, name);
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  assert.ok(narrow, `${name} is wider than the window`);
}

/** A connector of the organization whose key is handed out as a file. */
async function createFileTemplate(key) {
  const organization = await caller('org');
  await organization.put(`/v1/connectors/${key}`, {
    definition: {
      id: key, name: 'Ledger', description: 'A ledger that hands its key out as a file.', categories: ['custom'], logo: { letters: 'L', color: '#345a73' },
      network: 'public', baseUrl: '{baseUrl}', hosts: ['{baseUrl}'], inputs: [{ name: 'baseUrl', title: 'Base URL', type: 'url' }],
      schemes: [{
        id: 'api_key', type: 'api_key', name: 'Key file', fields: [{ name: 'apiKey', title: 'Key file', help: 'As it was handed out.', type: 'file' }],
        apply: { headers: { 'X-Api-Key': '{apiKey}' } }, rotation: [{ title: 'Ask for a second file', text: 'The operators make one beside the old one.' }],
      }],
      verify: { method: 'GET', url: '{baseUrl}/api/key/me' }, guide: [{ title: 'Ask for a file', text: 'The operators make one.' }],
      sources: [{ url: 'https://ledger.example.com/docs', checkedAt: '2026-11-20' }],
    },
  }, { 'if-none-match': '*' });
  return organization.post('/v1/templates', { connector: key, name: 'Ledger', stableKey: key, authScheme: 'api_key', inputs: { baseUrl: crmURL }, embedded: true });
}

test('a key is uploaded as a file', async (t) => {
  const link = await linkTo(await createFileTemplate('own-hosted-file'));
  const key = await newKey();
  const page = await browser.page(t);
  await page.goto(link.url);
  await inspect(page, 'hosted-file');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('Is needed.').waitFor();
  await inspect(page, 'hosted-file-missing');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement.type), 'file');

  const upload = (name, text) => page.getByLabel('Choose the file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
  await upload('../../schlüssel "1";x=y.bin', 'a\u0000b');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('Must be text.').waitFor();

  const pasted = await canary('pasted key', 'crm_key_pasted_0123456789abcdef');
  await upload('key.txt', key);
  await page.getByLabel('or paste what is in it').fill(pasted);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('Choose a file, or paste a text.').waitFor();
  await assertAbsent(page, key);
  await assertAbsent(page, pasted);

  await upload('key.txt', key);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
  await assertAbsent(page, key);
  assert.equal((await sessionOf(link)).connectionStatus, 'active');
});

test('what was typed stays when the key is wrong, and the key does not', async (t) => {
  const link = await linkTo(keyed);
  const wrong = await canary('refused key', 'crm_key_wrong_fedcba9876543210');
  const page = await browser.page(t, { locale: 'de-DE', width: 390, scheme: 'dark' });
  await page.goto(link.url);
  const secret = page.locator('input[type=password]');
  assert.equal(await secret.getAttribute('autocomplete'), 'off');
  assert.equal(await secret.getAttribute('spellcheck'), 'false');
  await page.getByLabel('Name der Verbindung').fill('Mein <b>CRM</b> & mehr');
  await secret.fill(wrong);
  await page.getByRole('button', { name: 'Verbinden' }).click();
  await page.getByRole('alert').filter({ hasText: 'Das System hat die Zugangsdaten abgelehnt.' }).waitFor();
  assert.equal(await page.getByLabel('Name der Verbindung').inputValue(), 'Mein <b>CRM</b> & mehr');
  assert.equal(await secret.inputValue(), '');
  await assertAbsent(page, wrong);
  await inspect(page, 'hosted-wrong-key');
});

test('the person reads German from the link to the end', async (t) => {
  const link = await linkTo(signed);
  const page = await browser.page(t, { locale: 'de-AT' });
  const answer = await page.goto(link.url);
  assert.equal(answer.headers()['content-language'], 'de');
  assert.match(answer.headers().vary, /accept-language/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await page.getByRole('heading', { name: 'Tenon Demo CRM verbinden' }).waitFor();
  await page.getByText('Bäckerei Krümel bittet um Zugriff').waitFor();
  await page.getByText('Read contacts').waitFor(); // The catalogue is English.
  assert.equal(await page.getByText('Read contacts').getAttribute('lang'), 'en');
  await inspect(page, 'hosted-german');
  await page.getByRole('button', { name: 'Weiter zu Tenon Demo CRM' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('heading', { name: 'Nicht verbunden' }).waitFor();
  await inspect(page, 'hosted-declined');
  await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
  await page.getByRole('button', { name: 'Weiter zu Tenon Demo CRM' }).click();
  await page.getByRole('radio', { name: /Alice Archer/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'Verbunden' }).waitFor();
  await inspect(page, 'hosted-connected');
  assert.equal(await page.title(), 'Verbunden');
  assert.equal((await sessionOf(link)).state, 'completed');
});

test('a language that the link asks for goes along to the certified server and back', async (t) => {
  const link = await linkTo(await createLabTemplate('hosted-lab', { embedded: true }));
  const page = await browser.page(t, { locale: 'de-DE' });
  await page.goto(`${link.url}&lang=fr`);
  await page.getByRole('button', { name: /^Continuer vers/ }).click();
  await page.getByRole('heading', { name: 'Connecté', exact: true }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
});

test('a link that was opened elsewhere says so, with the number of the request', async (t) => {
  const link = await linkTo(keyed);
  const first = await browser.page(t);
  await first.goto(link.url);
  const second = await browser.page(t, { locale: 'fr-FR' });
  const answer = await second.goto(link.url);
  assert.equal(answer.status(), 400);
  await second.getByText('Ce lien a déjà été utilisé.').waitFor();
  await second.getByText(/^Requête \S+, statut 400\.$/).waitFor();
  assert.match(answer.headers()['content-security-policy'], /form-action 'none'/);
  await inspect(second, 'hosted-used');
  await first.reload(); // It is still the first one's.
  await first.getByRole('button', { name: 'Connect' }).waitFor();
});

test('a person chooses one of several systems with the keyboard', async (t) => {
  const link = await createConnectSession(tenant, { templates: [keyed.id, signed.id] });
  const page = await browser.page(t, { width: 390 });
  await page.goto(link.url);
  await inspect(page, 'hosted-choice');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Enter');
  await page.getByLabel('Name of the connection').waitFor();
  const low = await page.evaluate(() => [...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea')]
    .filter((control) => control.getBoundingClientRect().height < 44).map((control) => control.outerHTML));
  assert.deepEqual(low, [], 'controls are at least 44 px high');
});

test('who opened the window has no hold on the page', async (t) => {
  const link = await linkTo(keyed);
  const page = await browser.page(t);
  await page.goto(`${tenonURL}/healthz`);
  const opened = page.context().waitForEvent('page');
  await page.evaluate((url) => { window.handle = window.open(url); }, link.url);
  const popup = await opened;
  await popup.getByRole('button', { name: 'Connect' }).waitFor();
  assert.equal(await popup.evaluate(() => window.opener), null);
  assert.equal(await page.evaluate(() => window.handle.closed), true);
});
