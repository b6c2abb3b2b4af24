// A connect button that shows a link to a new tab.

import { connectAtCRM, opened } from './support/embed.js';
import { connectEverywhere, followLink } from './support/places.js';

connectEverywhere('link', async ({ page, frame, button }) => {
  await button().click();
  await connectAtCRM(await opened(page.context(), () => followLink(frame)));
});
