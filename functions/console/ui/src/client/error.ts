import type { Schemas } from '../api/schemas.js';

type Document = Schemas['Problem'];

/**
 * TenonError is why a call brought nothing: a problem document (RFC 9457), or no
 * answer of the API at all. Switch on its code. No secret stands in it.
 */
export class TenonError extends Error {
  override readonly name = 'TenonError';
  /** Stable name of the problem. offline: nothing answered. unexpected: something else than the API did. */
  readonly code: Document['code'] | 'offline' | 'unexpected';
  /** Of HTTP; 0 when nothing answered. */
  readonly status: number;
  readonly detail: string;
  /** What helps. With reconnect there is nothing to do until a person has reconnected. */
  readonly remedy: Document['remedy'];
  /** Finds the request in the log of the service, as a trace id would. */
  readonly requestId: string;
  /** What is wrong with which member of the request. */
  readonly errors: Schemas['ProblemField'][];
  /** The flows that stand in the way. */
  readonly flows: string[];
  /** Seconds after which a repetition makes sense; undefined when the service did not say. */
  readonly retryAfter?: number;

  constructor(told: Partial<Omit<Document, 'code'>> & Pick<TenonError, 'code' | 'status' | 'detail'>, retryAfter?: number, options?: ErrorOptions) {
    const requestId = told.requestId ?? '';
    const wrong = (told.errors ?? []).map(({ pointer, detail }) => ` ${pointer}: ${detail}`).join('');
    super(`${told.code}: ${told.detail}${wrong} (status ${told.status}${requestId && `, request ${requestId}`})`, options);
    [this.code, this.status, this.detail, this.remedy, this.requestId] = [told.code, told.status, told.detail, told.remedy, requestId];
    [this.errors, this.flows, this.retryAfter] = [told.errors ?? [], told.flows ?? [], retryAfter];
  }
}

/** refusal reads a problem document. The body of any other answer is not repeated, since it may be anything. */
export function refusal(response: Response, body: unknown): TenonError {
  const { status, headers } = response;
  const seconds = retryAfter(response);
  if (/^application\/problem\+json\b/.test(headers.get('content-type') ?? '') && typeof body === 'object' && body && 'code' in body) {
    return new TenonError({ ...(body as Document), status }, seconds);
  }
  // The gateway names the request in a header.
  const requestId = headers.get('apigw-requestid') ?? undefined;
  return new TenonError({ code: 'unexpected', status, detail: `The server answered ${status} ${response.statusText}.`, requestId }, seconds);
}

/** offline is the error when nothing answered. */
export function offline(cause: unknown): TenonError {
  return new TenonError({ code: 'offline', status: 0, detail: 'No answer.' }, undefined, { cause });
}

/** unreadable is the error when what answered well is no JSON. */
export function unreadable(): TenonError {
  return new TenonError({ code: 'unexpected', status: 200, detail: 'The answer is not JSON.' });
}

/** retryAfter returns the seconds after which a repetition makes sense, if the answer says so. */
export function retryAfter({ headers }: Response): number | undefined {
  const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
  return seconds > 0 ? seconds : undefined;
}
