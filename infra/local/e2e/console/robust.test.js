// Bad conditions: no answer, a sign-in that ends, a deployment in between, a change of mind.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { signIn } from './support/people.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
let organization;
before(async () => {
  organization = await caller('org');
});

const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const menu = (page, name) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });

test('a token that the API refuses ends the sign-in, and the next one leads back', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/flows?state=paused');
  const active = /\/v1\/flows\?(.*&)?state=active/;
  await page.route(active, (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Unauthorized"}' }));
  await page.getByRole('combobox', { name: 'State' }).selectOption('active');
  await page.getByText('Your sign-in has ended. Sign in again to go on.').waitFor();
  await assertAccessible(page);
  await page.unroute(active);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Flows');
  assert.match(page.url(), /\/console\/flows\?state=active$/);
});

test('an issuer that is busy ends no sign-in, and one without an answer is asked again', async (t) => {
  const page = await browser.page(t);
  let [busy, asked] = [false, 0];
  await page.route('**/dev/issuer/token', async (route) => {
    if (busy) {
      asked++;
      return route.fulfill({ status: 503, body: '' });
    }
    const response = await route.fetch(); // Every token is so short that the next call asks for another.
    return route.fulfill({ response, json: { ...(await response.json()), expires_in: 50 } });
  });
  await signIn(page, 'adam', '/expirations?kind=certificate');
  await heading(page, 'Expirations');
  busy = true;
  await menu(page, 'Catalog').click();
  await page.getByRole('link', { name: /Tenon Demo CRM/ }).first().waitFor();
  assert.ok(asked > 0, 'the token was not renewed');
  await page.goBack();
  await heading(page, 'Expirations');
  busy = false;
  await page.route('**/openid-configuration', (route) => route.abort());
  await page.reload();
  await page.getByText('Signing in did not work. Try again.').waitFor();
  await page.unroute('**/openid-configuration');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Expirations');
  assert.match(page.url(), /\/console\/expirations\?kind=certificate$/);
});

test('a page whose file is gone is loaded anew, and one that stays away can be tried again', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/connections');
  let loads = 0;
  await page.route('**/assets/audit-*.js', (route) => (loads++ ? route.continue() : route.fulfill({ status: 404, body: '' })));
  await menu(page, 'Audit').click();
  await heading(page, 'Audit');
  assert.equal(loads, 2);
  await page.route('**/assets/settings-*.js', (route) => route.abort());
  await menu(page, 'Settings').click();
  await page.getByRole('alert').getByText('No answer.').waitFor();
  await assertAccessible(page);
  await page.unroute('**/assets/settings-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Settings');
});

test('of two pages that were asked for, the later one is shown', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/connections');
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/assets/audit-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await menu(page, 'Audit').click();
  await menu(page, 'Expirations').click();
  await heading(page, 'Expirations');
  const loaded = page.waitForResponse(/assets\/audit-/);
  release();
  await (await loaded).finished();
  await page.evaluate(() => customElements.whenDefined('tenon-page-audit').then(() => new Promise(requestAnimationFrame)));
  await heading(page, 'Expirations');
  assert.equal(await page.title(), 'Expirations – Tenon');
});

test('a template whose answer was lost is created once', async (t) => {
  const page = await browser.page(t);
  const name = `Lost answer ${Date.now()}`;
  await signIn(page, 'olive', '/organization/templates/new');
  await page.getByRole('combobox', { name: 'Connector' }).selectOption('demo-crm');
  await page.getByRole('combobox', { name: 'How it signs in' }).selectOption('api_key');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Stable key', exact: true }).fill(name.toLowerCase().replaceAll(' ', '-'));
  const keys = [];
  await page.route('**/v1/templates', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  const create = page.getByRole('button', { name: 'Create template' });
  await create.click();
  await page.getByRole('alert').getByText('No answer.').waitFor();
  await create.dblclick();
  await heading(page, name);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  const { items } = await organization.get('/v1/templates?limit=100');
  assert.equal(items.filter((template) => template.name === name).length, 1);
});

test('another language keeps what was typed, and another tenant asks first', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'olive', '/settings');
  const people = page.locator('#admins');
  await people.fill('someone@example.com');
  const tenant = page.getByRole('combobox', { name: 'Tenant' });
  await tenant.selectOption('acme');
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  assert.equal(await tenant.inputValue(), '');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await heading(page, 'Einstellungen');
  await page.getByRole('button', { name: 'Speichern' }).waitFor();
  assert.equal(await people.inputValue(), 'someone@example.com');
  assert.equal(await page.title(), 'Einstellungen – Tenon');
});

test('an answer that is none says so, and is asked for again', async (t) => {
  const page = await browser.page(t);
  const answers = [{ status: 200, contentType: 'text/html', body: '<h1>hello' }, { status: 503, headers: { 'retry-after': '2' }, body: '' }, { status: 429, body: '{"message":"Too Many Requests"}' }];
  await page.route('**/v1/connections/summary', (route) => (answers.length ? route.fulfill(answers.shift()) : route.continue()));
  await signIn(page, 'adam', '/connections');
  const again = page.getByRole('button', { name: 'Try again' });
  await page.getByRole('alert').getByText('That did not work.').waitFor();
  await again.click();
  await page.getByRole('alert').getByText('Tenon is busy').waitFor();
  await again.click();
  await page.getByRole('alert').getByText('Tenon is busy').waitFor();
  await again.click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  assert.equal(answers.length, 0);
});
