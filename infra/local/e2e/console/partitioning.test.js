// What the other tests stand on: this Chromium keeps a frame's storage apart by the
// site around it, gives it no cookies there, and the API answers one foreign site.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from './support/browser.js';
import { sitePort, tenonURL, token } from './support/control.js';
import { startSite } from './support/site.js';

const browser = useBrowser();
const empty = '<!doctype html><title>Frame</title>';
const around = (address) => `<!doctype html><title>Site</title><iframe src="${address}" title="Frame"></iframe>`;

/** Opens the address in a tab and returns its one frame. */
async function frameIn(page, address) {
  const tab = await page.context().newPage();
  await tab.goto(address);
  return tab.frames()[1];
}

test('a frame shares storage and channels with itself in the same site only', async (t) => {
  const framed = `${await startSite(t, { '/': empty }, { host: '127.0.0.1' })}/`;
  const site = await startSite(t, { '/': around(framed) }, { port: sitePort });
  const other = await startSite(t, { '/': around(framed) }, { host: 'other.localhost' });
  const page = await browser.page(t);
  const [here, twin, elsewhere] = [await frameIn(page, site), await frameIn(page, site), await frameIn(page, other)];
  for (const frame of [twin, elsewhere]) {
    await frame.evaluate(() => {
      window.heard = [];
      window.channel = new BroadcastChannel('news');
      window.channel.onmessage = (event) => window.heard.push(event.data);
    });
  }
  await here.evaluate(() => {
    localStorage.setItem('mark', 'here');
    new BroadcastChannel('news').postMessage('here');
  });
  await twin.waitForFunction(() => window.heard.length > 0);
  assert.equal(await twin.evaluate(() => localStorage.getItem('mark')), 'here');
  assert.equal(await elsewhere.evaluate(() => localStorage.getItem('mark')), null);
  assert.deepEqual(await elsewhere.evaluate(() => window.heard), []);
});

test('a frame has no cookies in another site', async (t) => {
  const headers = { 'set-cookie': 'sent=1; Secure; SameSite=None' };
  const framed = `${await startSite(t, { '/': { body: empty, headers } }, { host: '127.0.0.1' })}/`;
  const site = await startSite(t, { '/': around(framed) });
  const page = await browser.page(t);
  await page.goto(framed);
  assert.equal(await page.evaluate(() => document.cookie), 'sent=1');
  const frame = await frameIn(page, site);
  assert.equal(await frame.evaluate(() => document.cookie), '');
});

test('the API answers the pages of the allowed site', async (t) => {
  const bearer = await token({ tenant: 'org' });
  const asked = async (options) => {
    const page = await browser.page(t);
    await page.goto(await startSite(t, { '/': empty }, options));
    return page.evaluate(async ([address, bearer]) => {
      try {
        return (await fetch(address, { headers: { authorization: `Bearer ${bearer}` } })).status;
      } catch {
        return 'refused';
      }
    }, [`${tenonURL}/v1/tenants`, bearer]);
  };
  assert.equal(await asked({ port: sitePort }), 200);
  assert.equal(await asked({}), 'refused');
});
