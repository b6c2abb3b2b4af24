import type { Schemas } from '../api/schemas.js';
import { TenonError } from './error.js';

export type Lease = Schemas['Lease'];

// How long a lease is used, in milliseconds. It is asked for again after leaseAge, so
// that a pause takes effect; where nobody answers then, it serves to longestAge. What
// ends sooner is not used for its last margin, or for the second half of what is left
// of a short life.
const margin = 30_000;
const leaseAge = 5 * 60_000;
const longestAge = 15 * 60_000;
const leasePause = 5_000; // Until a lease that nobody answered is asked for again.
const vainPause = 10_000; // Until another credential is asked for again, when there was none.

/** Leases is the current lease of one connection. However many callers there are, one request is under way. */
export class Leases {
  #current?: { lease: Lease; until: number; end: number };
  /** The version that the system refused last. */
  #refused?: number;
  /** No other credential is asked for before. */
  #vain = 0;
  #flight?: { refused?: number; lease: Promise<Lease> };

  constructor(private readonly ask: (refused?: number) => Promise<Lease>) {}

  /** get returns the current lease, or asks for one. */
  async get(signal?: AbortSignal | null): Promise<Lease> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#current && this.#current.lease.tokenVersion !== this.#refused && Date.now() < this.#current.until) return this.#current.lease;
      const flight = (this.#flight ??= this.#fly(this.#refused));
      const ours = flight.refused === this.#refused;
      const lease = await unless(signal, flight.lease).catch((thrown: unknown) => {
        if (ours || signal?.aborted) throw thrown;
      });
      if (ours && lease) return lease;
    }
  }

  /** refuse takes note that the system refused the credential. */
  refuse({ tokenVersion }: Lease): void {
    if (this.#current?.lease.tokenVersion === tokenVersion && Date.now() >= this.#vain) this.#refused = tokenVersion;
  }

  #fly(refused?: number): { refused?: number; lease: Promise<Lease> } {
    const began = Date.now();
    const came = (lease: Lease) => {
      this.#flight = undefined;
      this.#current = { lease, ...term(began, lease.expiresAt) };
      if (refused === this.#refused) {
        if (lease.tokenVersion === refused) this.#vain = Date.now() + vainPause;
        this.#refused = undefined;
      }
      return lease;
    };
    const failed = (thrown: unknown) => {
      this.#flight = undefined;
      return this.#instead(thrown);
    };
    return { refused, lease: this.ask(refused).then(came, failed) };
  }

  /** instead returns the lease that there is, while it serves, where there is no answer to the request for another one. An answer that refuses it stands. */
  #instead(thrown: unknown): Lease {
    const definite = thrown instanceof TenonError && thrown.status >= 400 && thrown.status < 500 && thrown.status !== 429;
    const now = Date.now();
    if (!definite && this.#current && this.#current.lease.tokenVersion !== this.#refused && now < this.#current.end) {
      this.#current.until = now + leasePause;
      return this.#current.lease;
    }
    if (definite) this.#current = undefined;
    throw thrown;
  }
}

/** term says how long a lease is used that was asked for at began and came now. */
function term(began: number, expiresAt?: string): { until: number; end: number } {
  const [until, end] = [began + leaseAge, began + longestAge];
  if (!expiresAt) return { until, end };
  const expires = Date.parse(expiresAt);
  return { until: Math.min(until, expires - Math.min(margin, (expires - Date.now()) / 2)), end: Math.min(end, expires) };
}

/** unless waits for a result that others wait for too, or for the signal. */
function unless<T>(signal: AbortSignal | null | undefined, result: Promise<T>): Promise<T> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
