// The connect button in pages of others: the API says what came of it, whichever
// windows can reach one another.

import { before, describe, test } from 'node:test';
import { useBrowser } from './support/browser.js';
import { assertConnected, connectAtCRM, opened, startIntegrator, startPartner } from './support/embed.js';
import { createCRMTemplate, createTenant } from './support/tenon.js';

const browser = useBrowser();
const name = 'elements';
let tenant;
let template;
before(async () => {
  tenant = await createTenant(name);
  template = await createCRMTemplate(name, 'oauth2_authorization_code', { embedded: true });
});

/** Opens the integrator's page, at the top or in a frame of another site; the answer has both. */
async function open(t, { framed, coop, mode }) {
  const site = await startIntegrator(t, { tenant: name, coop, button: { mode, template: template.id } });
  const address = framed ? await startPartner(t, site, coop) : site;
  const page = await browser.page(t);
  await page.goto(address);
  const frame = () => (framed ? page.frames()[1] : page.mainFrame());
  return { page, frame, address, button: () => frame().getByRole('button', { name: 'Connect the CRM' }) };
}

const ways = {
  async popup({ page, frame, button }, blank) {
    const first = await opened(page.context(), () => button().click());
    if (!blank) return connectAtCRM(first);
    // Such a page may not hold on to a window: the person follows a link.
    const other = await opened(page.context(), () => frame().getByRole('link', { name: /Open the page/ }).click());
    await connectAtCRM(other);
  },
  async redirect({ page, address, button }) {
    await button().click();
    await connectAtCRM(page);
    await page.goto(address);
  },
  async link({ page, frame, button }) {
    await button().click();
    const other = await opened(page.context(), () => frame().getByRole('link', { name: /Open the page/ }).click());
    await connectAtCRM(other);
  },
};

for (const mode of Object.keys(ways)) {
  describe(mode, () => {
    for (const framed of [false, true]) {
      for (const coop of [undefined, 'same-origin', 'same-origin-allow-popups']) {
        test(`${framed ? 'in a frame of another site' : 'at the top'}, opener policy ${coop ?? 'none'}`, async (t) => {
          const opening = await open(t, { framed, coop, mode });
          await ways[mode](opening, framed && coop === 'same-origin');
          await assertConnected(opening.frame(), tenant);
          await opening.frame().getByText('Connected.').waitFor();
        });
      }
    }
  });
}
