// A connect button that leaves its page, and the page around it; the person comes back.

import { connectAtCRM } from './support/embed.js';
import { connectEverywhere } from './support/places.js';

connectEverywhere('redirect', async ({ page, address, button }) => {
  await button().click();
  await connectAtCRM(page);
  await page.goto(address);
});
