// The npm package as it is packed, against the product: the client in a program, and
// the elements in a page that loads modules by their names.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { useBrowser } from './support/browser.js';
import { canary, crmURL, sitePort, tenonURL, token } from './support/control.js';
import { startSite } from './support/site.js';
import { createCRMTemplate, createTenant, newKey } from './support/tenon.js';

const root = new URL('../../../../', import.meta.url);
const home = new URL('.build/npm/trial/node_modules/@tenonhq/tenon/', root);
const name = 'npm-package';
const browser = useBrowser();

let packed;
let template;
before(async () => {
  packed = await import(new URL('dist/client/index.js', home)).catch((error) => {
    throw new Error('the package is not packed; run: make npm-package', { cause: error });
  });
  await createTenant(name);
  template = await createCRMTemplate(name, 'api_key', { embedded: true });
});

const client = (scopes) => packed.createClient({ baseUrl: tenonURL, token: () => token({ tenant: name, subject: 'ann', scopes }) });

test('a program connects a key and uses it', async () => {
  const tenon = client();
  const { items } = await tenon.GET('/v1/connectors');
  assert.ok(items.some(({ id }) => id === 'demo-crm'));

  const created = await tenon.POST('/v1/connections', { body: { templateId: template.id, name: 'CRM of a program', credential: { apiKey: await newKey() } } });
  const names = [];
  for await (const connection of packed.paginate(tenon, '/v1/connections', { params: { query: { limit: 1 } } })) names.push(connection.name);
  assert.ok(names.includes('CRM of a program'));

  const crm = packed.connectionFetch(tenon, created.id, { purpose: 'npm package' });
  const response = await crm('api/key/me');
  assert.equal(response.status, 200);
  assert.equal(response.url, `${crmURL}/api/key/me`);
  await assert.rejects(crm(`${tenonURL}/healthz`), TypeError);

  const disabled = { params: { path: { connectionId: created.id }, header: { 'If-Match': `"${created.revision}"` } } };
  await tenon.POST('/v1/connections/{connectionId}/disable', disabled);
  await assert.rejects(packed.connectionFetch(tenon, created.id, { purpose: 'npm package' })('api/key/me'), { code: 'connection_disabled' });
  await assert.rejects(tenon.POST('/v1/connections/{connectionId}/disable', disabled), (error) => error instanceof packed.TenonError && error.code === 'precondition_failed' && error.requestId !== '');
  await assert.rejects(client(['connections:read']).POST('/v1/connections', { body: { templateId: template.id, name: 'Other' } }), { status: 403 });
});

test('a page loads the elements of the package', async (t) => {
  const bearer = await canary('bearer token', await token({ tenant: name, subject: 'user-42', scopes: ['connections:read', 'connections:write', 'templates:read'] }));
  const lit = { lit: 'index.js', 'lit-html': 'lit-html.js', 'lit-element': 'index.js', '@lit/reactive-element': 'reactive-element.js' };
  const imports = { '@tenonhq/tenon/elements': '/tenon/dist/elements/elements.js' };
  const pages = await modules('/tenon/', home);
  for (const [from, entry] of Object.entries(lit)) {
    Object.assign(imports, { [from]: `/${from}/${entry}`, [`${from}/`]: `/${from}/` });
    Object.assign(pages, await modules(`/${from}/`, new URL(`node_modules/${from}/`, root)));
  }
  const site = await startSite(t, {
    ...pages,
    '/': `<!doctype html><html lang="en"><title>A site</title><script type="importmap">${JSON.stringify({ imports })}</script>
      <script type="module">
        import { configure } from '@tenonhq/tenon/elements';
        configure({ api: ${JSON.stringify(tenonURL)}, token: async () => (await (await fetch('/token', { method: 'POST' })).json()).token });
      </script><main><tenon-connectors end-user="17" return-url="https://app.example.com/"></tenon-connectors></main>`,
    '/token': () => ({ token: bearer }),
  }, { port: sitePort });
  const page = await browser.page(t);
  await page.goto(site);
  await page.getByRole('heading', { name: 'Tenon Demo CRM' }).waitFor();
  await page.getByText('CRM of a program').first().waitFor();
  const [endUser, returnUrl] = await page.locator('tenon-connectors').evaluate((element) => [element.endUser, element.returnUrl]);
  assert.deepEqual([endUser, returnUrl], ['17', 'https://app.example.com/']);
});

/** The modules of a package, as pages of a site below a path. */
async function modules(below, folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js') && !/^(node|development|test)\//.test(name));
  const pages = names.map(async (name) => [below + name, { type: 'text/javascript', body: await readFile(new URL(name, folder)) }]);
  return Object.fromEntries(await Promise.all(pages));
}
