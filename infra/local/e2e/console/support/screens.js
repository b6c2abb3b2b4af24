// Pictures of the pages, for people to look at: make screenshots.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../../.build/screenshots', import.meta.url));

/** Takes the page light and dark, wide and narrow, and leaves it as it was. */
export async function takeScreens(page, name) {
  if (!process.env.TENON_SCREENSHOTS) return;
  const viewport = page.viewportSize();
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: width < 700 ? 844 : 800 });
      await page.screenshot({ path: path.join(folder, `${name}-${scheme}-${width}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.setViewportSize(viewport);
}
