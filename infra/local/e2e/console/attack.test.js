// What others wrote is text: in every place that shows it, for whoever looks at it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { useBrowser } from './support/browser.js';
import { tenonURL } from './support/control.js';
import { signIn } from './support/people.js';
import { assertAbsent } from './support/secrets.js';
import { startSite } from './support/site.js';
import { caller, createConnection, createConnectSession, createCRMTemplate } from './support/tenon.js';

const browser = useBrowser();
let organization, tenant;
before(async () => {
  organization = await caller('org');
  tenant = await caller('acme');
});

/** Markup that runs a script, requests something of another machine and leaves its attribute, marked by its place. */
const attack = (place) => `"'><img src=//evil.example/${place} onerror=alert(1)>\${alert(2)}`;

/** A page in which nothing may run: a dialog fails the test, as a breach of the policy and a request elsewhere do. */
async function openPage(t) {
  const page = await browser.page(t);
  page.context().on('dialog', (dialog) => { throw new Error(`a dialog says ${dialog.message()}`); });
  return page;
}

/** Opens the address without loading the document anew, and asserts that the attacks stand there as they were written. */
async function assertText(page, path, places) {
  await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, `/console${path}`);
  for (const place of places) {
    await page.locator('main#main').getByText(attack(place)).first().waitFor({ state: 'attached' }).catch((thrown) => { throw new Error(`${path} does not show ${place}: ${thrown.message}`); });
  }
  await page.waitForLoadState('networkidle');
  const foreign = await page.evaluate(readMarkup);
  assert.deepEqual(foreign, [], `${path} holds markup of others`);
}

/** Runs in the page: elements that an attack made, and links that lead elsewhere than to a page. */
function readMarkup() {
  const found = [];
  const visit = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.matches('script:not([src^="/console/"]), iframe, object, embed, [onerror], [onload], img:not([src^="data:image/svg+xml"])')) found.push(e.outerHTML);
      if (e.href && !/^https?:/.test(e.href) && e.localName === 'a') found.push(e.outerHTML);
      if (e.shadowRoot) visit(e.shadowRoot);
    }
  };
  visit(document);
  return found;
}

/** A connector of the organization whose every text attacks. */
async function createConnector(id, more = {}) {
  const steps = (place) => [{ title: attack(place), text: `Read **${place}** \`<b>\` and [javascript:alert(4)](https://127.0.0.1:1/${place}).`.replace('<b>', 'b') }];
  return organization.put(`/v1/connectors/${id}`, {
    definition: {
      id, name: attack('connector'), description: attack('description'), categories: ['custom'], logo: { letters: '"><', color: '#345a73' },
      network: 'public', baseUrl: '{baseUrl}', hosts: ['{baseUrl}'], inputs: [{ name: 'baseUrl', title: attack('input'), help: attack('help'), placeholder: attack('placeholder'), type: 'url' }],
      schemes: [{
        id: 'api_key', type: 'api_key', name: attack('scheme'), fields: [{ name: 'apiKey', title: attack('field'), help: attack('field-help'), type: 'secret' }],
        apply: { headers: { 'X-Api-Key': '{apiKey}' } }, rotation: steps('rotation'),
      }],
      verify: { method: 'GET', url: '{baseUrl}/me', account: { id: 'sub', name: 'name' } }, guide: steps('guide'),
      sources: [{ url: 'https://attack.example.com/docs', checkedAt: '2026-11-20' }], ...more,
    },
  }, { 'if-none-match': '*' });
}

test('WEB-01 WEB-02 what others wrote is shown as text', async (t) => {
  const system = await startSite(t, { '/me': () => ({ sub: '1', name: attack('account') }) }, { host: '127.0.0.1' });
  await organization.post('/v1/tenants', { id: 'attacked', name: attack('tenant') });
  await createConnector('own-attack');
  const template = await organization.post('/v1/templates', { connector: 'own-attack', name: attack('template'), stableKey: 'attack', authScheme: 'api_key', embedded: true });
  const connection = await tenant.post('/v1/connections', {
    templateId: template.id, name: attack('connection'), labels: { place: attack('label') }, inputs: { baseUrl: system }, credential: { apiKey: `canary-${crypto.randomUUID()}` },
  });
  await tenant.put('/v1/flows/attack', { name: attack('flow'), kind: 'sync', state: 'paused', bindings: [
    { slot: 'source', connector: 'own-attack', connectionId: connection.id }, { slot: 'destination', connector: 'own-attack' }] });
  const endpoint = await tenant.post('/v1/webhook-endpoints', { url: 'https://hooks.example.com/%22%3E%3Cimg', description: attack('webhook') });
  await organization.post('/v1/kill-switches', { scope: 'tenant', tenant: 'attacked', confirm: 'attacked', reason: attack('reason') });
  const page = await openPage(t);
  await signIn(page, 'olive');
  await assertText(page, '/organization/tenants', ['tenant']);
  await assertText(page, '/organization/tenants/attacked', ['tenant']);
  await assertText(page, '/organization/templates', ['template']);
  await assertText(page, `/organization/templates/${template.id}`, ['template']);
  await assertText(page, '/organization/kill-switches', ['reason']);
  await assertText(page, '/audit', ['reason']);
  for (const part of ['incidents', 'sunsets']) await assertText(page, `/organization/${part}`, []);
  await assertText(page, '/catalog?tenant=acme', ['connector', 'description']);
  await assertText(page, '/catalog/own-attack?tenant=acme', ['connector', 'description', 'scheme', 'guide', 'template']);
  await assertText(page, `/add/own-attack?tenant=acme&template=${template.id}`, ['input', 'help']);
  await assertText(page, '/connectors?tenant=acme', ['connection']);
  await assertText(page, '/connections?tenant=acme', ['connection']);
  await assertText(page, `/connections/${connection.id}?tenant=acme`, ['connection', 'account', 'label']);
  await assertText(page, '/flows?tenant=acme', ['flow']);
  await assertText(page, '/flows/attack?tenant=acme', ['flow', 'connection']);
  await assertText(page, '/settings/webhooks?tenant=acme', ['webhook']);
  await assertText(page, `/settings/webhooks/${endpoint.id}?tenant=acme`, []);
  await assertText(page, '/expirations?tenant=acme', []);
});

test('WEB-01 a definition that attacks is refused', async () => {
  const texts = ['[x](javascript:alert(1))', '[x](data:text/html,x)', '<img src=x onerror=alert(1)>', '[x]: javascript:alert(1)'];
  const attacks = [
    ...texts.map((text) => ({ guide: [{ title: 'Look', text }] })), { guide: [{ title: 'Look', text: 'here', url: 'javascript:alert(1)' }] },
    { logo: { letters: 'X', color: '"/><script>' } },
    { sources: [{ url: 'javascript:alert(1)', checkedAt: '2026-11-20' }] }, { inputs: [{ name: '__proto__', title: 'X', type: 'url' }] },
    { inputs: [{ name: 'baseUrl', title: 'X', type: 'url', docs: 'javascript:alert(1)' }] },
  ];
  for (const more of attacks) await assert.rejects(createConnector('own-refused', more), /: 4(00|22) /, JSON.stringify(more));
});

test('WEB-01 WEB-06 the hosted pages show what others wrote as text, and listen to nobody', async (t) => {
  await createConnector('own-attack-hosted');
  const template = await organization.post('/v1/templates', { connector: 'own-attack-hosted', name: attack('template'), stableKey: 'attack-hosted', authScheme: 'api_key', embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const page = await openPage(t);
  await page.goto(link.url);
  for (const place of ['connector', 'field', 'field-help', 'help']) await page.getByText(attack(place)).first().waitFor();
  assert.deepEqual(await page.evaluate(readMarkup), []);
  const before = await page.content();
  await page.evaluate(() => window.postMessage({ type: 'tenon-connected', connectionId: 'con_01JF0000000000000000000000' }, '*'));
  assert.equal(await page.content(), before);
});

test('WEB-01 what a system says of a refusal is no markup', async (t) => {
  const template = await createCRMTemplate('attack-refusal');
  const connection = await createConnection(tenant, template.id, 'Refused');
  const handoff = await tenant.post(`/v1/connections/${connection.id}/authorize`, {});
  const page = await openPage(t);
  const sent = page.waitForRequest((request) => new URL(request.url()).pathname.endsWith('/oauth/authorize'));
  await page.goto(handoff.startUrl);
  await page.getByRole('button').first().click({ timeout: 2000 }).catch(() => undefined);
  const state = new URL((await sent).url()).searchParams.get('state');
  const answer = new URLSearchParams({ state, error: 'access_denied', error_description: attack('refusal'), error_uri: 'javascript:alert(5)' });
  await page.goto(`${template.redirectUri}?${answer}`);
  assert.deepEqual(await page.evaluate(readMarkup), []);
  await signIn(page, 'adam', `/connections/${connection.id}`);
  await page.getByRole('heading', { level: 1, name: 'Refused' }).waitFor();
  assert.deepEqual(await page.evaluate(readMarkup), []);
});

test('WEB-03 no page of ours is shown in a page of another site', async (t) => {
  const link = await createConnectSession(tenant, {});
  const framed = [`${tenonURL}/console`, `${tenonURL}/console/elements.js`, link.url];
  const site = await startSite(t, { '/': framed.map((address) => `<iframe src="${address}"></iframe>`).join('') });
  const page = await browser.page(t, { tolerate: [/frame-ancestors|X-Frame-Options|Refused to/i] });
  await page.goto(site);
  await page.waitForLoadState('networkidle');
  for (const frame of page.frames().slice(1)) assert.match(frame.url(), /^chrome-error:/);
  assert.equal(page.frames().length, framed.length + 1);
});

test('WEB-04 another site sends no form and no sign-in of ours', async (t) => {
  const template = await createCRMTemplate('attack-form', 'api_key', { embedded: true });
  const link = await createConnectSession(tenant, { templates: [template.id] });
  const page = await openPage(t);
  await signIn(page, 'adam');
  await page.goto(link.url);
  const fields = await page.locator('form input').evaluateAll((inputs) => inputs.filter((i) => i.name).map((i) => [i.name, i.type === 'hidden' ? i.value : 'stolen']));
  const inputs = fields.map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
  const site = await startSite(t, { '/': `<form method="post" action="${link.url.split('?')[0]}">${inputs}<button>Go</button></form>` });
  await page.goto(site);
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.getByRole('button', { name: 'Go' }).click()]);
  assert.ok(answer.status() >= 400, `answered ${answer.status()}`);
  assert.equal((await tenant.get(`/v1/connect-sessions/${link.sessionId}`)).connectionId, undefined);
  const cookies = (await page.context().cookies(tenonURL)).map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const method of ['PUT', 'DELETE']) {
    const sent = await fetch(`${tenonURL}/v1/browser-session`, { method, headers: { cookie: cookies } });
    assert.equal(sent.status, 401, `${method} with cookies alone`);
  }
});

test('an answer that is not readable is not quoted', async (t) => {
  const page = await openPage(t);
  await page.route('**/v1/connections?*', (route) => route.fulfill({ contentType: 'application/json', body: 'canary-in-an-answer' }));
  await signIn(page, 'adam');
  await page.getByRole('alert').first().waitFor();
  await assertAbsent(page, 'canary-i', 'answer');
});
