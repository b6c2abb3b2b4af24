// People with a keyboard, a screen reader, large type or colours of their own.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createSync } from './support/flows.js';
import { signIn } from './support/people.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
const long = 'Verwaltungsvorschriften'.repeat(6).slice(0, 120);
before(async () => {
  await createSync('keyboard-flow', 'Keyboard', 'paused');
  await createSync('keyboard-long', long, 'paused');
});

/** The name of what has the focus. */
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.getAttribute('aria-label') ?? element.textContent.trim();
});

async function assertFocus(page, name) {
  const until = Date.now() + 3000;
  while (!(await focused(page)).startsWith(name) && Date.now() < until) await page.waitForTimeout(30);
  assert.ok((await focused(page)).startsWith(name), `the focus is on ${await focused(page)}`);
}

test('a dialog gives the focus back, and so does a button that worked', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/flows/keyboard-flow');
  const rename = page.getByRole('button', { name: 'Rename' });
  for (const leave of [() => page.keyboard.press('Escape'), async () => { await page.getByRole('button', { name: 'Cancel' }).focus(); await page.keyboard.press('Enter'); }]) {
    await rename.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Rename' }).waitFor();
    await leave();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await assertFocus(page, 'Rename');
  }
  const activate = page.getByRole('button', { name: 'Activate' });
  await activate.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await assertFocus(page, 'Activate');
  await page.getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('button', { name: 'Delete' }).last().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
  await assertFocus(page, '');
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.localName), 'main');
});

test('every page is named after what it shows, and fits 320 pixels with long names and wide spacing', async (t) => {
  const page = await browser.page(t, { width: 320, locale: 'de-DE' });
  await signIn(page, 'adam', '/connectors');
  const titles = new Set();
  const paths = ['/connectors', '/catalog', '/catalog/demo-crm', '/connections', '/flows', '/flows/keyboard-long', '/expirations', '/audit', '/settings', '/settings/webhooks', '/settings/signing-keys'];
  for (const path of paths) {
    await page.evaluate((to) => { history.pushState(null, '', `/console${to}`); window.dispatchEvent(new PopStateEvent('popstate')); }, path);
    await page.waitForFunction((known) => !known.includes(document.title), [...titles]);
    await page.waitForFunction(quiet);
    await page.evaluate(space);
    titles.add(await page.title());
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 320, `${path} is ${width} pixels wide: ${await page.evaluate(wide)}`);
  }
  assert.equal(titles.size, paths.length, [...titles].join('; '));
  assert.ok(titles.has(`${long} – Tenon`));
});

/** Runs in the page: what is wider than the window, from the outside in. */
function wide() {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.getBoundingClientRect().right > innerWidth) found.push(`${element.localName}.${element.className} ${element.textContent.trim().slice(0, 40)}`);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found.join('; ');
}

/** Runs in the page: nothing is waited for any more. */
function quiet() {
  const waits = (root) => [...root.querySelectorAll('*')].some((element) => element.classList.contains('wait') || (element.shadowRoot && waits(element.shadowRoot)));
  return !waits(document);
}

/** Runs in the page: the spacing of WCAG 1.4.12. */
function space() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
  const visit = (root) => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
  };
  visit(document);
}

test('with colours of the system, what is chosen still shows', async (t) => {
  const page = await browser.page(t);
  await page.emulateMedia({ forcedColors: 'active' });
  await signIn(page, 'adam', '/connectors');
  const looks = (locator) => locator.evaluate((e) => { const s = getComputedStyle(e); return `${s.borderTopWidth} ${s.outlineStyle}`; });
  const sections = page.getByRole('navigation');
  await page.locator('nav a[aria-current]').waitFor();
  assert.notEqual(await looks(sections.getByRole('link', { name: 'Connectors', exact: true })), await looks(sections.getByRole('link', { name: 'Catalog', exact: true })));
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const tabs = page.locator('.tabs a');
  const line = (locator) => locator.evaluate((e) => getComputedStyle(e).borderBottomColor);
  await tabs.first().waitFor();
  assert.notEqual(await line(tabs.nth(0)), await line(tabs.nth(1)));
  await assertAccessible(page);
});
