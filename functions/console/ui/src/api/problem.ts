import type { components } from './schema.js';

export type ProblemDocument = components['schemas']['Problem'];

/**
 * Problem is why a call to the API brought nothing: a problem document
 * (RFC 9457), or no answer at all. Its texts are safe to show.
 */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly document?: Partial<ProblemDocument>,
  ) {
    super(document?.detail ?? code);
  }

  /** offline: nothing answered; the same call may be made again. */
  get offline(): boolean { return this.status === 0; }

  /** stale: somebody else changed the resource since it was read. */
  get stale(): boolean { return this.status === 412; }

  /** field returns what is wrong with a member, by its JSON pointer. */
  field(pointer: string): string | undefined {
    return this.document?.errors?.find((e) => e.pointer === pointer)?.detail;
  }
}

/** problemOf makes a problem of whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  // fetch throws a TypeError when there was no answer. What else is thrown may quote
  // the answer, which may hold a secret: it is not shown.
  return thrown instanceof TypeError ? new Problem('offline', 0) : new Problem('unexpected', -1);
}
