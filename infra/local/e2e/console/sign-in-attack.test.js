// Signing in against an issuer that misbehaves, and acting for one tenant after another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './support/browser.js';
import { tenonURL } from './support/control.js';
import { signIn } from './support/people.js';
import { createTenant } from './support/tenon.js';

const browser = useBrowser();
const failed = (page) => page.getByText(/could not be signed in|did not work|failed/i);

/** Answers the authorization request as an issuer would that sends its answer at once. */
async function answerWith(page, answer) {
  const asked = [];
  await page.route('**/dev/issuer/authorize?*', (route) => {
    const { searchParams } = new URL(route.request().url());
    asked.push(searchParams.get('prompt'));
    const query = new URLSearchParams(Object.entries({ state: searchParams.get('state'), iss: `${tenonURL}/dev/issuer`, ...answer }).filter(([, value]) => value));
    return route.fulfill({ status: 303, headers: { location: `${tenonURL}/console/signed-in?${query}` } });
  });
  return asked;
}

/** Asserts that nobody is signed in, and that the answer is not in the address. */
async function assertRefused(page) {
  await page.getByRole('button', { name: /^sign in/i }).waitFor();
  await failed(page).waitFor();
  assert.equal(page.url(), `${tenonURL}/console/signed-in`);
}

test('an issuer that will not ask the person is not asked again and again', async (t) => {
  const page = await browser.page(t);
  const asked = await answerWith(page, { error: 'consent_required' });
  await page.goto(`${tenonURL}/console`);
  await assertRefused(page);
  assert.deepEqual(asked, [null]);
});

for (const [what, answer] of [['another state', { code: 'stolen', state: 'another' }], ['no state', { code: 'stolen', state: '' }], ['another issuer', { code: 'stolen', iss: 'https://evil.example' }]]) {
  test(`an answer with ${what} is refused, and its code never sent`, async (t) => {
    const page = await browser.page(t);
    await answerWith(page, answer);
    let redeemed = 0;
    await page.route('**/dev/issuer/token', (route) => { redeemed++; return route.abort(); });
    await page.goto(`${tenonURL}/console`);
    await assertRefused(page);
    assert.equal(redeemed, 0);
  });
}

test('a token of another issuer signs nobody in', async (t) => {
  const page = await browser.page(t);
  await page.route('**/dev/issuer/token', async (route) => {
    const response = await route.fetch();
    const tokens = await response.json();
    const [header, payload, signature] = tokens.id_token.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), iss: 'https://evil.example' };
    return route.fulfill({ response, json: { ...tokens, id_token: [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.') } });
  });
  await page.goto(`${tenonURL}/console`);
  await page.getByRole('button', { name: 'Adam Acker' }).click();
  await assertRefused(page);
});

test('what a page still sends when the tenant is another goes to its own', async (t) => {
  for (const id of ['tenancy-a', 'tenancy-b']) await createTenant(id);
  const page = await browser.page(t);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/v1/connections?*', async (route) => {
    if (route.request().headers()['tenon-tenant'] !== 'tenancy-a') return route.continue();
    await held;
    return route.fulfill({ json: { items: [], nextCursor: 'more' } });
  });
  const rest = page.waitForRequest(/\/v1\/connections\?.*cursor=more/);
  const begun = page.waitForRequest(/\/v1\/connections\?/);
  await page.route('**/v1/connections?*cursor=more*', (route) => route.fulfill({ json: { items: [] } }));
  await signIn(page, 'olive', '/connectors?tenant=tenancy-a');
  await begun;
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('tenancy-b');
  await page.getByText(/^You act for tenancy-b/).waitFor();
  release();
  assert.equal((await rest).headers()['tenon-tenant'], 'tenancy-a');
});

test('whoever signs out leaves nothing on the screen', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam');
  await page.route('**/v1/browser-session', () => undefined);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Adam Acker').waitFor({ state: 'detached' });
});

test('a page that arrives late does not take the place of the one that was opened after it', async (t) => {
  const page = await browser.page(t);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/console/assets/flows-*.js', async (route) => {
    await held;
    return route.continue();
  });
  await signIn(page, 'adam');
  const asked = page.waitForRequest('**/console/assets/flows-*.js');
  await page.getByRole('link', { name: 'Flows' }).click();
  await asked;
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
  const arrived = page.waitForResponse('**/console/assets/flows-*.js');
  release();
  await (await arrived).finished();
  await page.evaluate(() => customElements.whenDefined('tenon-page-flows'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor({ timeout: 1000 });
});
