// What a person typed or chose as a credential, as far as a page sent it: secrets
// of the run that no test has to name.

import { canary } from './control.js';

// A shorter one, such as the name of a user, would be found by chance.
const shortest = 16;

/** Registers the secrets in the body of a request. */
export async function keepTyped(request) {
  for (const value of secretsOf(request)) await canary('typed secret', value);
}

function secretsOf(request) {
  const type = request.headers()['content-type'] ?? '';
  const values = type.startsWith('application/json') ? ofAPI(request.postData()) : ofForm(type, request.postData());
  return values.map(longestLine).filter((value) => value.length >= shortest);
}

/** The members of an API's body that are secret. */
function ofAPI(text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return []; // A test sends what is none, too.
  }
  return [...Object.values(body?.credential ?? {}), body?.clientSecret].filter((value) => typeof value === 'string');
}

function ofForm(type, text) {
  if (!type.startsWith('application/x-www-form-urlencoded')) return [];
  return [...new URLSearchParams(text ?? '')].filter(([name]) => name.startsWith('credential.')).map(([, value]) => value);
}

/** Of a key in several lines one is looked for: not the first, which all keys share. */
function longestLine(value) {
  return value.split(/\r?\n/).reduce((longest, line) => (line.length > longest.length ? line : longest));
}
