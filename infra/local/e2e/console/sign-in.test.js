// Signing in to the console, as each of the three people.

import { test } from 'node:test';
import { assertAccessible } from './support/axe.js';
import { useBrowser } from './support/browser.js';
import { tenonURL } from './support/control.js';
import { signIn } from './support/people.js';
import { takeScreens } from './support/screens.js';
import { assertAbsent } from './support/secrets.js';

const browser = useBrowser();

test('the issuer offers three people', async (t) => {
  const page = await browser.page(t);
  await page.goto(`${tenonURL}/console`);
  await page.getByRole('button', { name: 'Olive Ortega' }).waitFor();
  await assertAccessible(page);
  await takeScreens(page, 'sign-in');
});

for (const who of ['olive', 'adam', 'vera']) {
  test(`${who} signs in, and no token is kept`, async (t) => {
    const page = await browser.page(t);
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/dev/issuer/token');
    await signIn(page, who);
    const tokens = await (await answered).json();
    await assertAccessible(page);
    for (const name of ['access_token', 'id_token', 'refresh_token']) {
      if (tokens[name]) await assertAbsent(page, tokens[name], name);
    }
  });
}
