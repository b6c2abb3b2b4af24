// Elements in pages without a token, of React, with colours of their own.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { tenonURL } from './support/control.js';
import { assertConnected, connectAtCRM, opened, startIntegrator } from './support/embed.js';
import { reactScript } from './support/react.js';
import { takeScreens } from './support/screens.js';
import { createConnectSession, createCRMTemplate, createTenant } from './support/tenon.js';

const browser = useBrowser();
const name = 'elements-pages';
let tenant;
let template;
before(async () => {
  tenant = await createTenant(name);
  template = await createCRMTemplate(name, 'oauth2_authorization_code', { embedded: true });
});

/** The back end of a site: it mints sessions for whoever is signed in there. */
const backend = {
  '/session': ({ template }) => createConnectSession(tenant, { templates: [template] }),
  '/status': ({ sessionId }) => tenant.get(`/v1/connect-sessions/${sessionId}`),
};

test('a page without a token, in German', async (t) => {
  const configuration = { callbacks: true, language: 'de' };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id }, configuration, pages: backend });
  const page = await browser.page(t);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.goto(site);
  const other = await opened(page.context(), () => page.getByRole('button', { name: 'Connect the CRM' }).click());
  await page.getByText('Schließen Sie den Vorgang im anderen Fenster ab.').waitFor();
  await other.getByRole('button', { name: /^Weiter zu/ }).waitFor();
  await connectAtCRM(other);
  await assertConnected(page.mainFrame(), tenant);
  await page.getByText('Verbunden.').waitFor();
  assert.deepEqual(asked.filter((url) => url.origin === tenonURL && url.pathname.startsWith('/v1/')), []);
});

test('a redirect that the back end has the last word on', async (t) => {
  const pages = {
    '/session': ({ template }) => createConnectSession(tenant, { templates: [template], completion: 'backend', returnUrl: `${site}/` }),
    '/status': backend['/status'],
  };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id, mode: 'redirect' }, configuration: { callbacks: true }, pages });
  const settings = await tenant.get('/v1/settings');
  await tenant.put('/v1/settings', { reminders: { enabled: false }, returnUrls: [`${site}/`] }, { 'if-match': `"${settings.revision}"` });
  const page = await browser.page(t);
  await page.goto(site);
  await page.getByRole('button', { name: 'Connect the CRM' }).click();
  await page.getByRole('button', { name: /continue/i }).click();
  await page.getByRole('radio', { name: /Alice Archer/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('Waiting until it is confirmed …').waitFor();
  const uri = new URL(page.url()).searchParams.get('session_uri');
  const [sessionId] = uri.replace('urn:ietf:params:oauth:request_uri:', '').split('.');
  await tenant.post(`/v1/oauth/sessions/${sessionId}/complete`, { endUser: 'user-42', sessionUri: uri });
  await assertConnected(page.mainFrame(), tenant);
});

test('a session that ends before it was used', async (t) => {
  const pages = { '/session': backend['/session'], '/status': () => ({ state: 'expired' }) };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id, mode: 'link' }, configuration: { callbacks: true }, pages });
  const page = await browser.page(t);
  await page.goto(site);
  await page.getByRole('button', { name: 'Connect the CRM' }).click();
  await page.getByRole('status').getByText('The time to connect is over. Start again.').waitFor();
  assert.equal(await page.locator('#events').textContent(), 'tenon-failed handoff_expired;');
  await page.getByRole('button', { name: 'Connect the CRM' }).waitFor();
  await assertAccessible(page);
});

test('nothing is asked while the page is hidden, or without the button', async (t) => {
  let asked = 0;
  const pages = { '/session': backend['/session'], '/status': () => ({ state: 'open', asked: ++asked }) };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id, mode: 'link' }, configuration: { callbacks: true }, pages });
  const page = await browser.page(t);
  await page.clock.install();
  await page.goto(site);
  await page.clock.pauseAt(Date.now() + 3600_000); // Timers run when the test says so.
  const show = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const answered = (act) => Promise.all([page.waitForResponse(/\/status$/), act()]);
  await show(true);
  await page.getByRole('button', { name: 'Connect the CRM' }).click();
  await page.getByRole('link', { name: 'Open the page' }).waitFor();
  await page.clock.runFor(60_000);
  assert.equal(asked, 0);
  await answered(() => show(false));
  await page.evaluate(() => {
    window.button = document.querySelector('tenon-connect-button');
    window.button.remove();
  });
  await page.clock.runFor(60_000);
  assert.equal(asked, 1);
  await page.evaluate(() => document.body.append(window.button));
  await answered(() => page.clock.runFor(3000));
});

test('a link that is no page is not opened', async (t) => {
  const pages = { '/session': () => ({ sessionId: 'cst_x', url: 'javascript:alert(1)' }), '/status': () => ({ state: 'open' }) };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id, mode: 'link' }, configuration: { callbacks: true }, pages });
  const page = await browser.page(t);
  await page.goto(site);
  await page.getByRole('button', { name: 'Connect the CRM' }).click();
  await page.getByText('That did not work.').waitFor();
  assert.equal(await page.getByRole('link').count(), 0);
});

test('a page of React', async (t) => {
  const pages = { '/react.js': { type: 'text/javascript', body: await reactScript() } };
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id }, pages });
  const page = await browser.page(t);
  await page.goto(`${site}/react`);
  await connectAtCRM(await opened(page.context(), () => page.getByRole('button', { name: 'Connect the CRM' }).click()));
  await assertConnected(page.mainFrame(), tenant);
});

test('cards of the connectors, in the colours of the page', async (t) => {
  const pending = await tenant.post('/v1/connections', { templateId: template.id, name: 'Sales' });
  const site = await startIntegrator(t, { tenant: name, configuration: { connection: pending.id } });
  const page = await browser.page(t, { width: 390 });
  await page.goto(`${site}/connectors`);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Demo CRM' }) });
  const [select, reconnect] = [card.getByRole('combobox'), card.getByRole('button', { name: 'Reconnect' })];
  await card.waitFor();
  if (await select.isVisible()) await select.selectOption(pending.id);
  await reconnect.waitFor();
  await page.locator('tenon-status[connection], main > tenon-status').getByText('Pending').waitFor();
  assert.deepEqual(await reconnect.evaluate((button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).colorScheme]), ['rgb(255, 200, 0)', 'dark']);
  assert.equal(await card.evaluate((element) => getComputedStyle(element).borderTopWidth), '3px');
  await assertAccessible(page);
  await takeScreens(page, 'elements-connectors');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page scrolls sideways');
  await connectAtCRM(await opened(page.context(), () => reconnect.click()));
  await card.getByText('Active').waitFor();
  await page.getByRole('status').getByText('Tenon Demo CRM: Connected.').waitFor();
  await page.waitForFunction(() => document.querySelector('tenon-connectors').shadowRoot.activeElement?.localName === 'h2');
  assert.equal((await tenant.get(`/v1/connections/${pending.id}`)).status, 'active');
});
