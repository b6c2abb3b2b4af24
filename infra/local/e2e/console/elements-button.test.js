// The connect button, as the person sees it and an attacker tries it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { assertConnected, connectAtCRM, opened, startIntegrator } from './support/embed.js';
import { takeScreens } from './support/screens.js';
import { createConnectSession, createCRMTemplate, createTenant } from './support/tenon.js';

const browser = useBrowser();
const name = 'elements-button';
let tenant;
let template;
before(async () => {
  tenant = await createTenant(name);
  template = await createCRMTemplate(name, 'oauth2_authorization_code', { embedded: true });
});

test('WEB-06 no message of any window is listened to', async (t) => {
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id } });
  const page = await browser.page(t);
  await page.context().addInitScript(() => {
    window.listened = [];
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, ...rest) {
      window.listened.push(type);
      return add.call(this, type, ...rest);
    };
    for (const target of [window, MessagePort.prototype, BroadcastChannel.prototype]) {
      Object.defineProperty(target, 'onmessage', { set: () => window.listened.push('message') });
    }
  });
  await page.goto(site);
  const other = await opened(page.context(), () => page.getByRole('button', { name: 'Connect the CRM' }).click());
  await page.getByText('Finish in the other window.').waitFor();
  await page.evaluate(() => {
    for (const type of ['tenon-connected', 'completed', 'connected']) {
      window.postMessage({ type, state: 'completed', connectionId: 'con_01JF0000000000000000000000' }, '*');
      new BroadcastChannel('tenon').postMessage({ type });
    }
  });
  await page.waitForRequest(/connect-sessions\/cst_/);
  await page.getByText('Finish in the other window.').waitFor();
  assert.ok(!(await page.evaluate(() => window.listened)).some((type) => /^(message|storage)/.test(type)));
  assert.equal(await page.locator('#events').textContent(), '');
  await connectAtCRM(other);
  await assertConnected(page.mainFrame(), tenant);
});

test('WEB-06 the address that somebody came back by says nothing', async (t) => {
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id, mode: 'redirect' } });
  const page = await browser.page(t);
  await page.goto(link.url);
  await connectAtCRM(page);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${site}/?outcome=completed&sessionId=${link.sessionId}`);
  await page.getByRole('button', { name: 'Connect the CRM' }).waitFor();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(asked.filter((url) => url.includes('connect-sessions')), []);
  assert.equal(await page.locator('#events').textContent(), '');
});

test('a person closes the window and opens it again, and is heard and seen', async (t) => {
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id } });
  const page = await browser.page(t, { width: 390 });
  await page.goto(site);
  await assertAccessible(page);
  await takeScreens(page, 'elements-button');
  const closed = await opened(page.context(), () => page.getByRole('button', { name: 'Connect the CRM' }).press('Enter'));
  await closed.getByRole('button', { name: /continue/i }).waitFor();
  await closed.close();
  await page.getByRole('status').getByText('Finish in the other window.').waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'elements-waiting');
  const again = page.getByRole('link', { name: 'Open it again' });
  assert.ok(await again.evaluate((link) => link.getRootNode().activeElement === link), 'the focus went nowhere');
  await connectAtCRM(await opened(page.context(), () => again.press('Enter')));
  await assertConnected(page.mainFrame(), tenant);
  await assertAccessible(page);
});

test('a person who refuses may try again, and may give up', async (t) => {
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id } });
  const page = await browser.page(t);
  await page.goto(site);
  const other = await opened(page.context(), () => page.getByRole('button', { name: 'Connect the CRM' }).click());
  await other.getByRole('button', { name: /continue/i }).click();
  await other.getByRole('button', { name: /deny|cancel/i }).click();
  await page.getByText('The last try did not work. Try again there.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Connect the CRM' }).waitFor();
  assert.equal(await page.locator('#events').textContent(), 'tenon-cancelled ;');
});

test('windows that are blocked', async (t) => {
  const site = await startIntegrator(t, { tenant: name, button: { template: template.id } });
  const page = await browser.page(t);
  await page.addInitScript(() => { window.open = () => null; });
  await page.goto(site);
  await page.getByRole('button', { name: 'Connect the CRM' }).click();
  await connectAtCRM(await opened(page.context(), () => page.getByRole('link', { name: 'Open the page' }).click()));
  await assertConnected(page.mainFrame(), tenant);
});
