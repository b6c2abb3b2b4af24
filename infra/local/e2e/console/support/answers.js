// What the browser is told: kept as evidence for the search for secrets at the end
// of the run. Secrets of it are the tokens that a person's sign-in yields, and what
// the person typed.

import { canary, keepAnswer, tenonURL } from './control.js';
import { keepTyped } from './typed.js';

/** Watches the answers to every page of the context; the function returned waits for what is being read. */
export function watchAnswers(context) {
  const reading = new Set();
  const failures = [];
  context.on('requestfinished', (request) => {
    const url = new URL(request.url());
    if (url.origin !== tenonURL || request.method() === 'OPTIONS') return;
    const answer = request.response().catch(() => null); // The window was closed before it was told.
    const read = answer.then((response) => response && keep(response, url)).catch((failure) => failures.push(failure)).finally(() => reading.delete(read));
    reading.add(read);
  });
  return async () => {
    await Promise.all(reading);
    if (failures.length > 0) throw failures[0];
  };
}

async function keep(response, url) {
  if (url.pathname === '/dev/issuer/token') return keepTokens(response);
  if (!/^\/(v1|connect)\//.test(url.pathname)) return;
  await keepTyped(response.request());
  const headers = await response.headersArray().catch(() => []);
  await keepAnswer({
    method: response.request().method(), url: response.url(), status: response.status(),
    headers: headers.map(({ name, value }) => [name, value]), body: await bodyOf(response),
  });
}

async function keepTokens(response) {
  const asked = new URLSearchParams(response.request().postData() ?? '');
  await canary('authorization code', asked.get('code'));
  await canary('PKCE verifier', asked.get('code_verifier'));
  const body = await bodyOf(response);
  const answer = body ? JSON.parse(body) : {};
  await canary('bearer token', answer.access_token);
  await canary('refresh token', answer.refresh_token);
  await canary('id_token', answer.id_token);
}

/** The body as far as the browser still has it: a redirect has none, and that of a page may be gone, or never be told. */
function bodyOf(response) {
  const given = new Promise((resolve) => setTimeout(resolve, 3000, '').unref());
  return Promise.race([response.text().catch(() => ''), given]);
}
