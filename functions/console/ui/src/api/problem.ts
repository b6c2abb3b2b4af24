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

  /** undecided: the change may have been made although it failed; the same request may be sent again. */
  get undecided(): boolean { return this.status <= 0 || this.status >= 500 || this.status === 409; }

  /** busy: another moment may bring what this one did not. */
  get busy(): boolean { return this.status === 429 || (this.status >= 502 && this.status <= 504); }

  /** stale: somebody else changed the resource since it was read. */
  get stale(): boolean { return this.status === 412; }

  /** field returns what is wrong with a member, by its JSON pointer. */
  field(pointer: string): string | undefined {
    return this.document?.errors?.find((e) => e.pointer === pointer)?.detail;
  }
}

/** unanswered makes a problem of what fetch threw: a TypeError when there was no answer. */
export function unanswered(thrown: unknown): Problem {
  return thrown instanceof TypeError ? new Problem('offline', 0) : problemOf(thrown);
}

/** problemOf makes a problem of whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  console.error((thrown as Error)?.name); // Its text may quote what was answered.
  return new Problem('unexpected', -1);
}
