import { Problem } from '../api/problem.js';
import type { Configuration } from './context.js';

interface Discovery {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
}

interface Tokens {
  access_token: string;
  id_token?: string;
  refresh_token?: string;
  expires_in?: number;
}

/** Claims of the ID token that the page shows. */
export interface Claims {
  iss?: string;
  sub?: string;
  name?: string;
  email?: string;
  nonce?: string;
  aud?: string | string[];
}

/** SignInError says why nobody is signed in: the code of the issuer (RFC 6749 4.1.2.1), or ours. */
export class SignInError extends Error {
  constructor(code: string, readonly path = '/console/connectors', private readonly silent = false) { super(code); }

  /** asks says that the issuer was to ask nothing, and has to ask the person (OpenID Connect Core 3.1.2.6). */
  get asks(): boolean { return this.silent && ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'].includes(this.message); }
}

/** What has to be remembered while the browser is at the issuer. It is no secret without the code. */
const transaction = 'tenon-sign-in';
/** That this tab was signed in: the issuer is asked first whether it still knows the person. */
const known = 'tenon-signed-in';

/**
 * SignIn signs a person in by the authorization code with PKCE (RFC 7636, OpenID
 * Connect Core 3.1). Tokens are kept in memory alone: they are gone with the page,
 * and the issuer's own session brings them back.
 */
export class SignIn {
  #tokens?: Tokens;
  #expires = 0;
  #renewal?: Promise<void>;
  #discovery?: Promise<Discovery>;

  constructor(private readonly configuration: Configuration) {}

  private get redirect(): string { return `${location.origin}/console/signed-in`; }

  /** begin leaves for the issuer, which asks the person nothing where this tab was signed in before. */
  async begin(path: string, silently = sessionStorage.getItem(known) !== null): Promise<void> {
    const { authorization_endpoint } = await this.discover();
    const [state, nonce, verifier] = [random(), random(), random()];
    sessionStorage.setItem(transaction, JSON.stringify({ state, nonce, verifier, path, silent: silently ? 'yes' : undefined }));
    const url = new URL(authorization_endpoint);
    const query = {
      response_type: 'code', client_id: this.configuration.clientId, redirect_uri: this.redirect, state, nonce,
      scope: ['openid', 'profile', 'email', ...this.configuration.scopes].join(' '),
      code_challenge: await challenge(verifier), code_challenge_method: 'S256', ...(silently ? { prompt: 'none' } : {}),
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    location.assign(url);
  }

  /** finish redeems the code the browser came back with, and returns where the person wanted to go. */
  async finish(answer: URLSearchParams): Promise<{ claims: Claims; path: string }> {
    const begun = JSON.parse(sessionStorage.getItem(transaction) ?? '{}') as Record<string, string | undefined>;
    sessionStorage.removeItem(transaction);
    const path = begun.path?.startsWith('/console/') ? begun.path : undefined;
    if (!begun.state || answer.get('state') !== begun.state) throw new SignInError('state_mismatch', path);
    // An answer of another issuer is a mix-up (RFC 9207 2.4).
    if (answer.has('iss') && answer.get('iss') !== this.configuration.issuer) throw new SignInError('issuer_mismatch', path);
    const error = answer.get('error');
    sessionStorage.removeItem(known);
    if (error) throw new SignInError(error, path, begun.silent !== undefined);
    const code = { grant_type: 'authorization_code', code: answer.get('code') ?? '', redirect_uri: this.redirect, code_verifier: begun.verifier ?? '' };
    await this.fetch(code).catch((thrown) => { throw new SignInError(thrown instanceof SignInError ? thrown.message : 'no_answer', path); });
    const claims = decode(this.#tokens?.id_token);
    if (claims.nonce !== begun.nonce || claims.iss !== this.configuration.issuer || ![claims.aud].flat().includes(this.configuration.clientId)) {
      this.#tokens = undefined;
      throw new SignInError('token_mismatch', path);
    }
    sessionStorage.setItem(known, 'yes');
    return { claims, path: path ?? '/console/connectors' };
  }

  /** token returns an access token that is valid for another minute, or for less while the issuer gives no answer. */
  async token(): Promise<string> {
    if (this.#tokens?.refresh_token && Date.now() > this.#expires - 60_000) {
      const token = this.#tokens.refresh_token;
      this.#renewal ??= this.fetch({ grant_type: 'refresh_token', refresh_token: token }).finally(() => (this.#renewal = undefined));
      await this.#renewal.catch((thrown) => { if (thrown instanceof SignInError || Date.now() >= this.#expires) throw thrown; });
    }
    if (!this.#tokens || Date.now() >= this.#expires) throw new SignInError('signed_out');
    return this.#tokens.access_token;
  }

  /** end forgets the tokens and ends the session at the issuer. */
  async end(): Promise<void> {
    const { end_session_endpoint } = await this.discover().catch(() => ({ end_session_endpoint: undefined }));
    const hint = this.#tokens?.id_token;
    this.#tokens = undefined;
    sessionStorage.removeItem(known);
    const back = `${location.origin}/console/signed-out`;
    if (!end_session_endpoint) return location.assign(back);
    const url = new URL(end_session_endpoint);
    url.searchParams.set('post_logout_redirect_uri', back);
    url.searchParams.set('logout_uri', back); // Its name at Cognito.
    url.searchParams.set('client_id', this.configuration.clientId);
    if (hint) url.searchParams.set('id_token_hint', hint);
    location.assign(url);
  }

  private async fetch(form: Record<string, string>): Promise<void> {
    const { token_endpoint } = await this.discover();
    const response = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: this.configuration.clientId, ...form }), cache: 'no-store', credentials: 'omit' });
    const answer = (await response.json().catch(() => ({}))) as Tokens & { error?: string };
    if (response.status >= 500 || response.status === 429) throw new Problem('unexpected', response.status); // No refusal: it may be asked again.
    if (!response.ok || !answer.access_token) throw new SignInError(answer.error ?? 'server_error');
    this.#tokens = { ...this.#tokens, ...answer };
    this.#expires = Date.now() + (answer.expires_in ?? 3600) * 1000;
  }

  private discover(): Promise<Discovery> {
    this.#discovery ??= fetch(`${this.configuration.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { credentials: 'omit' })
      .then(async (response) => {
        const found = response.ok ? (await response.json()) as Discovery : undefined;
        // The document of another issuer is not followed (OpenID Connect Discovery 4.3).
        if (found?.issuer !== this.configuration.issuer) throw new Problem('unexpected', response.status);
        return found;
      })
      .catch((thrown) => { this.#discovery = undefined; throw thrown; });
    return this.#discovery;
  }
}

function random(): string { return encode(crypto.getRandomValues(new Uint8Array(32))); }

async function challenge(verifier: string): Promise<string> {
  return encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** decode reads the claims of an ID token, which came from the token endpoint itself (OpenID Connect Core 3.1.3.7, 6). */
function decode(token: string | undefined): Claims {
  try {
    const bytes = Uint8Array.from(atob((token ?? '').split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return {};
  }
}
