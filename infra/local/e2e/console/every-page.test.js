// The pages that no other test stops at: each is there, is accessible and fits a
// narrow window.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { createKeyConnections } from './support/flows.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { caller, createTenant } from './support/tenon.js';

const browser = useBrowser();

const pages = {
  adam: [
    ['/connectors', 'Connectors', 'connectors'],
    ['/settings/webhooks', 'Webhooks', 'webhooks'],
    ['/settings/signing-keys', 'Signing keys', 'signing-keys'],
    ['/catalog/hubspot', 'HubSpot', 'catalog-hubspot'],
  ],
  olive: [
    ['/organization/templates', 'Templates', 'templates'],
    ['/organization/templates/import', 'Import templates', 'template-import'],
    ['/organization/tenants', 'Tenants', 'tenants'],
    ['/organization/incidents', 'Incidents', 'incidents'],
    ['/organization/kill-switches', 'Kill switches', 'kill-switches'],
    ['/organization/sunsets', 'Changes ahead', 'sunsets'],
  ],
};

before(async () => {
  await createTenant('screens', 'A customer whose name is long enough to be broken into lines');
  await createKeyConnections(await caller('acme'), 'screens', { 'Sales team': {}, 'A connection of the marketing team in the second office': {} });
});

for (const [who, list] of Object.entries(pages)) {
  for (const [path, heading, name] of list) {
    test(`${name} is shown`, async (t) => {
      const page = await browser.page(t, { width: 390 });
      await signIn(page, who, path);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.waitForLoadState('networkidle');
      await assertAccessible(page);
      await takeScreens(page, name);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is wider than the window`);
    });
  }
}
