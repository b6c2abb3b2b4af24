// A connect button that opens a window: the API says what came of it, whichever
// windows can reach one another.

import { connectAtCRM, opened } from './support/embed.js';
import { connectEverywhere, followLink } from './support/places.js';

connectEverywhere('popup', async ({ page, frame, button, severed }) => {
  const first = await opened(page.context(), () => button().click());
  // The window of a severed page stays empty: the person follows a link.
  await connectAtCRM(severed ? await opened(page.context(), () => followLink(frame)) : first);
});
