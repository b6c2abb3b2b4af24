// Where a connect button stands: in a page at the top or in a frame of another site,
// under every opener policy. In each it has to end in a connection that works.

import { before, test } from 'node:test';
import { useBrowser } from './browser.js';
import { assertConnected, startIntegrator, startPartner } from './embed.js';
import { createCRMTemplate, createTenant } from './tenon.js';

/**
 * Declares a test for each place, in which a person connects with a button of the
 * mode. What the person does is given:
 *
 *   page     the tab; address is what was opened in it
 *   frame()  where the button stands, now
 *   button() the button
 *   severed  the browser gives the page no hold on a window that it opens
 */
export function connectEverywhere(mode, connect) {
  const browser = useBrowser();
  const name = `elements-${mode}`;
  let tenant;
  let template;
  before(async () => {
    tenant = await createTenant(name);
    template = await createCRMTemplate(name, 'oauth2_authorization_code', { embedded: true });
  });
  for (const framed of [false, true]) {
    for (const coop of [undefined, 'same-origin', 'same-origin-allow-popups']) {
      test(`${mode} ${framed ? 'in a frame of another site' : 'at the top'}, opener policy ${coop ?? 'none'}`, async (t) => {
        const site = await startIntegrator(t, { tenant: name, coop, button: { mode, template: template.id } });
        const address = framed ? await startPartner(t, site, coop) : site;
        const page = await browser.page(t);
        await page.goto(address);
        const frame = () => (framed ? page.frames()[1] : page.mainFrame());
        const button = () => frame().getByRole('button', { name: 'Connect the CRM' });
        await connect({ page, address, frame, button, severed: framed && coop === 'same-origin' });
        await assertConnected(frame(), tenant);
        await frame().getByText('Connected.').waitFor();
      });
    }
  }
}

/** Follows the link that is shown where no window can be led. */
export function followLink(frame) {
  return frame().getByRole('link', { name: /Open the page/ }).click();
}
