import type { paths } from '../api/schema.js';
import { offline, retryAfter } from './error.js';

export const keyHeader = 'Idempotency-Key';

// The pauses between two tries, in milliseconds: the first doubles up to the longest,
// and about half of it is chance. Whoever is told to come back later than that is not
// kept waiting.
const firstPause = 250;
const longestPause = 20_000;

/** Keyed are the paths of operations that take an Idempotency-Key. */
type Keyed = { [P in keyof paths]: paths[P]['post'] extends { parameters: { header?: infer H } } ? Takes<P, NonNullable<H>> : never }[keyof paths];
type Takes<P, H> = [H] extends [never] ? never : 'Idempotency-Key' extends keyof H ? P : never;

// The type holds the table to the document of the API.
const keyed: Record<Keyed, true> = {
  '/v1/connect-sessions': true,
  '/v1/connections': true,
  '/v1/signing-keys': true,
  '/v1/templates': true,
  '/v1/tenants': true,
  '/v1/webhook-endpoints': true,
};

const leases: readonly (keyof paths)[] = ['/v1/connections/{connectionId}/lease', '/v1/flows/{flowId}/bindings/{slot}/lease'];

/** takesKey says whether an operation takes an Idempotency-Key. */
export function takesKey(verb: string, path: string): boolean { return verb === 'post' && Object.hasOwn(keyed, path); }

/** Plan is how a request is sent. */
interface Plan {
  /** The path of the operation, as the document has it. */
  path: string;
  tries: number;
  authorize: (headers: Headers) => Promise<void>;
  send: (request: Request) => Promise<Response>;
}

/** repeat sends a request until it is answered for good, and returns the answer, read to its end. */
export async function repeat(request: Request, plan: Plan): Promise<Response> {
  const harmless = request.method === 'GET' || request.headers.has(keyHeader) || (leases as readonly string[]).includes(plan.path);
  for (let n = 1; ; n++) {
    const last = n >= plan.tries;
    const sent = last ? request : request.clone();
    await plan.authorize(sent.headers);
    let wait = pause(n);
    try {
      const answer = await whole(await plan.send(sent));
      if (last || answer.ok || !(await repeatable(request.method, harmless, answer))) return answer;
      const told = retryAfter(answer);
      if (told) wait = told * 1000 + Math.random() * firstPause;
      if (wait > longestPause) return answer;
    } catch (thrown) {
      request.signal.throwIfAborted();
      if (last || !harmless) throw offline(thrown);
    }
    await rest(wait, request.signal);
  }
}

/** whole reads the answer, so that one that is cut off counts as none. */
async function whole(answer: Response): Promise<Response> {
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength ? body : null, answer);
}

/** repeatable says whether a request that was refused may be sent again. */
async function repeatable(verb: string, harmless: boolean, answer: Response): Promise<boolean> {
  const code = await answer.clone().json().then((told: { code?: string }) => told.code ?? '', () => '');
  if (code === 'idempotency_in_progress') return true; // The answer to the first request comes to the next one.
  if (!code && answer.status >= 502 && answer.status <= 504) return harmless; // Who answered does not know whether it was done.
  return (answer.status === 429 || answer.status === 503) && (harmless || verb === 'PUT' || verb === 'DELETE');
}

function pause(n: number): number {
  const most = Math.min(firstPause * 2 ** (n - 1), longestPause);
  return most / 2 + (Math.random() * most) / 2;
}

/** rest waits, and throws at once when the signal is aborted. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
