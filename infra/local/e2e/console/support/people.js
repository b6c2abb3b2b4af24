// The people of a local environment, who sign in at the stand-in for the stage's issuer.

import { tenonURL } from './control.js';

const people = { olive: 'Olive Ortega', adam: 'Adam Acker', vera: 'Vera Voss' };

/** Opens the console as olive, adam or vera; path is below /console. */
export async function signIn(page, who, path = '') {
  await page.goto(`${tenonURL}/console${path}`);
  const choice = page.getByRole('button', { name: people[who] });
  const begin = page.getByRole('button', { name: /^sign in/i });
  await choice.or(begin).first().waitFor();
  if (await begin.isVisible()) await begin.click();
  await choice.click();
  await page.waitForURL((url) => url.pathname.startsWith('/console') && url.pathname !== '/console/signed-in');
  await page.locator('main#main').waitFor();
}
