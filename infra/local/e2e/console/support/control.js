// Where everything is, and what only the Go test can do: infra/local/e2e/control_test.go.

const { TENON_URL, LAB_ISSUER, CRM_URL, SITE_PORT, TENON_CONTROL } = process.env;
if (!TENON_CONTROL) {
  throw new Error('browser tests are run by TestConsole: make browser');
}

/** Origin of the product, http://127.0.0.1:PORT. */
export const tenonURL = TENON_URL;
/** Issuer of the certified OAuth server, without a slash at its end. */
export const labIssuer = LAB_ISSUER;
/** Base URL of the demo CRM, seen through a proxy that remembers its secrets. */
export const crmURL = CRM_URL;

/** Port of the site of this file, http://localhost:PORT, which the API answers (CORS). */
export const sitePort = Number(SITE_PORT);

/** Mints an access token; without scopes it has all of them. */
export async function token({ tenant, subject = 'ann', scopes }) {
  const minted = await control('/token', { tenant, subject, scopes });
  return minted.token;
}

/** Registers a secret, which must then be found nowhere, and returns it. */
export async function canary(kind, value) {
  if (value) await control('/canary', { kind, value });
  return value;
}

/** Keeps an answer of the API; no registered secret may be found in it. */
export async function keepAnswer(answer) {
  await control('/answer', answer);
}

async function control(path, body) {
  const response = await fetch(TENON_CONTROL + path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
