import type { Schemas } from '../api/schemas.js';
import { Problem } from '../api/problem.js';
import { call, type Access } from './call.js';

/** Wanted is what a person is to connect: any account of a connector or a template, or one connection again. */
export interface Wanted {
  connector?: string;
  template?: string;
  connection?: string;
  environment?: 'production' | 'test';
}

/** Link is a connect session that was minted. Its URL is opened in the browser of the person; it holds a secret. */
export interface Link {
  sessionId: string;
  url: string;
}

/** Progress is how far a connect session has come. */
export type Progress = Pick<Schemas['ConnectSession'], 'state' | 'connectionId' | 'problem' | 'closed'>;

/** Asking is how sessions are minted and looked at: by functions of the page, or as the person of a token. */
export interface Asking {
  session?: (wanted: Wanted) => Promise<Link>;
  status?: (sessionId: string) => Promise<Progress>;
  access?: Access;
  endUser?: string;
  returnUrl?: string;
}

/** mint makes a connect session. */
export async function mint({ session, access, endUser, returnUrl }: Asking, wanted: Wanted): Promise<Link> {
  if (session) return session(wanted);
  if (!access) throw new Problem('token_missing', 401);
  const { connector, template, connection, environment } = wanted;
  const body: Partial<Schemas['ConnectSessionCreate']> = {
    endUser: endUser ?? subject(await access.token()), environment, connectionId: connection, returnUrl,
    connectors: connector ? [connector] : undefined, templates: template ? [template] : undefined,
  };
  return call(access, '/v1/connect-sessions', body);
}

/** progress returns how far a session has come. */
export async function progress({ status, access }: Asking, sessionId: string): Promise<Progress> {
  if (status) return status(sessionId);
  if (!access) throw new Problem('token_missing', 401);
  return call(access, `/v1/connect-sessions/${encodeURIComponent(sessionId)}`);
}

/** checked returns a link that leads to a page, in the language of the one it stands in, and to nothing else. */
export function checked({ sessionId, url }: Link, language: string): Link {
  const page = URL.parse(url);
  if (!page || !/^https?:$/.test(page.protocol)) throw new Problem('unexpected', -1);
  page.searchParams.set('lang', language);
  return { sessionId, url: page.href };
}

// subject is whom a token speaks for (RFC 7519, 4.1.2). The API verifies it; this only reads.
function subject(token: string): string {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    return (JSON.parse(atob(payload)) as { sub?: string }).sub ?? '';
  } catch {
    return '';
  }
}

// A redirect leaves the page. What it comes back for is remembered by this tab
// alone: an address could be made by anybody.
const key = (wanted: Wanted) => `tenon-connect ${JSON.stringify(wanted)}`;

/** remember keeps the id of a session over a redirect; false where the page may not store anything. */
export function remember(wanted: Wanted, sessionId: string): boolean {
  try {
    sessionStorage.setItem(key(wanted), sessionId);
    return true;
  } catch {
    return false;
  }
}

/** recall returns, once, the id of the session that the page was left for. */
export function recall(wanted: Wanted): string | null {
  try {
    const sessionId = sessionStorage.getItem(key(wanted));
    sessionStorage.removeItem(key(wanted));
    return sessionId;
  } catch {
    return null;
  }
}
