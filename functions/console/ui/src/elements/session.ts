import type { Schemas } from '../api/client.js';
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

/** mint makes a connect session as the person of a token. */
export function mint(access: Access, { connector, template, connection, environment }: Wanted, endUser: string, returnUrl: string): Promise<Link> {
  const body: Partial<Schemas['ConnectSessionCreate']> = {
    endUser, environment, connectionId: connection, returnUrl: returnUrl || undefined,
    connectors: connector ? [connector] : undefined, templates: template ? [template] : undefined,
  };
  return call(access, '/v1/connect-sessions', body);
}

/** look returns how far a session has come, as the person of a token. */
export function look(access: Access, sessionId: string): Promise<Progress> {
  return call(access, `/v1/connect-sessions/${encodeURIComponent(sessionId)}`);
}

/** checked returns a link that leads to a page, and to nothing else. */
export function checked(link: Link): Link {
  const { protocol } = new URL(link.url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new Problem('unexpected', -1);
  return link;
}

/** subject is whom a token speaks for (RFC 7519, 4.1.2). The API verifies it; this only reads. */
export function subject(token: string): string {
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
