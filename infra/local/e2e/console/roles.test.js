// What each of the three people sees and may do, and how a session begins and ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { tenonURL } from './support/control.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';

const browser = useBrowser();
const ofTenant = ['Connectors', 'Catalog', 'Flows', 'Expirations', 'Audit', 'Settings'];

for (const [who, sections] of Object.entries({ olive: [...ofTenant, 'Organization'], adam: ofTenant, vera: ofTenant })) {
  test(`${who} sees the sections there are for her or him`, async (t) => {
    const page = await browser.page(t);
    await signIn(page, who);
    assert.deepEqual(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts(), sections);
    assert.equal(await page.getByRole('combobox', { name: 'Tenant' }).count(), who === 'olive' ? 1 : 0);
  });
}

test('a viewer looks at settings and changes nothing', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'vera', '/settings');
  await page.getByText('You may look at the settings, but not change them.').waitFor();
  assert.ok(await page.getByRole('textbox', { name: 'Admins' }).isDisabled());
  assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).count(), 0);
  await page.getByRole('link', { name: 'Signing keys' }).click();
  await page.getByRole('heading', { level: 1, name: 'Signing keys' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New signing key' }).count(), 0);
});

test('an address that is not for a viewer shows the refusal of the API', async (t) => {
  const page = await browser.page(t);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/tenants');
  await signIn(page, 'vera', '/organization/tenants?tenant=globex');
  assert.equal((await answered).status(), 403);
  const refusal = page.getByRole('alert');
  await refusal.getByText(/^Request \S+/).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'refused');
  assert.equal((await (await answered).request().allHeaders())['tenon-tenant'], undefined, 'she acts for nobody else');
});

test('a reload asks nothing, and signing out ends it', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/settings/signing-keys');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Signing keys' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/console/settings/signing-keys');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await assertAccessible(page);
  await page.goto(`${tenonURL}/console/settings`);
  await page.getByRole('button', { name: 'Adam Acker' }).waitFor();
});

for (const [what, answer] of Object.entries({ 'a state nobody asked with': 'code=stolen&state=forged', 'an error of the issuer': 'error=access_denied&state=forged' })) {
  test(`signing in with ${what} leads nowhere`, async (t) => {
    const page = await browser.page(t, { width: 390, scheme: 'dark' });
    const redeemed = [];
    page.on('request', (request) => { if (new URL(request.url()).pathname === '/dev/issuer/token') redeemed.push(request.url()); });
    await page.goto(`${tenonURL}/console/signed-in?${answer}`);
    await page.getByText('Signing in did not work. Try again.').waitFor();
    await assertAccessible(page);
    assert.deepEqual(redeemed, []);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Vera Voss' }).waitFor();
  });
}
