// The page of a connection, as the tests of it begin.

import { signIn } from './people.js';
import { newKey } from './tenon.js';

/** Creates a connection that works, by a key of its own. */
export async function connectByKey(tenant, template, name) {
  return tenant.post('/v1/connections', { templateId: template.id, name, credential: { apiKey: await newKey() } });
}

/** Opens the page of the connection as one of the people. */
export async function openConnection(page, who, connection) {
  await signIn(page, who, `/connections/${connection.id}`);
  await page.getByRole('heading', { level: 1, name: connection.name }).waitFor();
}

/** Presses the first button of the name. */
export function press(within, name) {
  return within.getByRole('button', { name }).first().click();
}

/** The open dialog. What it holds is slotted: of the element with the role it is no descendant. */
export function dialogOf(page) {
  return page.locator('tenon-dialog');
}
