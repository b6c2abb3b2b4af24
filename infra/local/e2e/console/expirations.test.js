// What ends when, and who renews it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createKeyConnections } from './support/flows.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { caller } from './support/tenon.js';

const browser = useBrowser();
let ids;
before(async () => {
  const inDays = (days) => ({ credentialExpiresAt: new Date(Date.now() + (days * 24 + 1) * 3600_000).toISOString() });
  ids = await createKeyConnections(await caller('acme'), 'expirations-page', { 'Ends soon': inDays(5), 'Ends this month': inDays(20), 'Ends next year': inDays(300) });
});

test('dates are grouped by urgency, and lead to what can be done', async (t) => {
  const page = await browser.page(t);
  await signIn(page, 'adam', '/expirations?kind=credential');
  const soon = page.getByRole('region', { name: 'In the next 7 days' }).getByRole('listitem').filter({ hasText: 'Ends soon' });
  await soon.getByText('5 days left').waitFor();
  await soon.getByText('A person has to renew it.').waitFor();
  await page.getByRole('region', { name: 'In the next 30 days' }).getByRole('listitem').filter({ hasText: 'Ends this month' }).getByText('20 days left').waitFor();
  assert.equal(await page.getByText('Ends next year').count(), 0);
  assert.equal(await soon.getByRole('link').getAttribute('href'), `/console/connections/${ids['Ends soon']}`);
  await page.getByText('Nobody is reminded: reminders are switched off.').or(page.getByText(/^Administrators are reminded/)).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'expirations');
  await page.getByRole('combobox', { name: 'Time ahead' }).selectOption('365');
  await page.getByRole('region', { name: 'Later' }).getByText('Ends next year').waitFor();
  const address = new URL(page.url()).searchParams;
  assert.deepEqual([address.get('kind'), address.get('within')], ['credential', '365']);
});

test('nothing to do is said calmly', async (t) => {
  const page = await browser.page(t, { width: 390, scheme: 'dark', locale: 'de-DE' });
  await signIn(page, 'vera', '/expirations?kind=certificate&within=30');
  await page.getByRole('heading', { name: 'Bald läuft nichts ab' }).waitFor();
  await assertAccessible(page);
});
