// The site of an integrator that embeds elements, and what a person does there.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { sitePort, tenonURL, token } from './control.js';
import { startSite } from './site.js';

// Nothing of a page is allowed but its own scripts, ours, and the API: no inline style, no string that becomes a script.
const policy = [
  "default-src 'none'", `script-src 'self' ${tenonURL}`, `connect-src 'self' ${tenonURL}`, "style-src 'self'", 'img-src data:',
  "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", 'trusted-types lit-html',
].join('; ');

const file = (name) => readFile(new URL(`../pages/${name}`, import.meta.url), 'utf8');

/**
 * Serves the integrator's site until the test is done and returns its origin.
 * Options:
 *
 *   tenant         whose person is signed in there
 *   button         attributes of the button
 *   coop           Cross-Origin-Opener-Policy of its pages
 *   configuration  more of what its scripts are told
 *   pages          more pages and back end functions, by path
 */
export async function startIntegrator(t, { tenant, button = {}, coop, configuration = {}, pages = {} }) {
  const headers = { 'content-security-policy': policy, ...(coop && { 'cross-origin-opener-policy': coop }) };
  const bearer = await token({ tenant, subject: 'user-42', scopes: ['connections:read', 'connections:write', 'templates:read'] });
  const script = async (name) => ({ type: 'text/javascript', body: await file(name) });
  const page = async (name) => ({ body: await file(name), headers });
  return startSite(t, {
    '/': await page('connect.html'), '/connect.js': await script('connect.js'),
    '/connectors': await page('connectors.html'), '/connectors.js': await script('connectors.js'),
    '/theme.css': { type: 'text/css', body: await file('theme.css') },
    '/react': await page('react.html'), '/app.js': await script('app.js'),
    '/configuration': { type: 'application/json', body: JSON.stringify({ api: tenonURL, button, ...configuration }) },
    '/token': () => ({ token: bearer }),
    ...pages,
  }, { port: sitePort });
}

/** Serves a page of another site that has the address in a frame, and returns its address. */
export async function startPartner(t, framed, coop) {
  const body = (await file('frame.html')).replace('{{framed}}', framed);
  const headers = coop ? { 'cross-origin-opener-policy': coop } : {};
  return `${await startSite(t, { '/': { body, headers } }, { host: 'partner.localhost' })}/`;
}

/** Does what there is to do on the hosted page, in English or German, up to the end. */
export async function connectAtCRM(page) {
  await page.getByRole('button', { name: /^(continue|weiter) /i }).click();
  await page.getByRole('radio', { name: /Alice Archer/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: /^(connected|verbunden)$/i }).waitFor();
}

/** Does something that opens a page, and returns that. */
export async function opened(context, act) {
  const [page] = await Promise.all([context.waitForEvent('page'), act()]);
  return page;
}

/** Asserts that the integrator's page was told of a connection that works, and returns its id. */
export async function assertConnected(frame, tenant) {
  const output = frame.locator('#connection');
  await frame.locator('#connection', { hasText: /^con_/ }).waitFor();
  const connectionId = await output.textContent();
  const connection = await tenant.get(`/v1/connections/${connectionId}`);
  assert.equal(connection.status, 'active');
  return connectionId;
}
