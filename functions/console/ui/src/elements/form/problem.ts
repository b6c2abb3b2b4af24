import { Problem, type ProblemDocument } from '../../api/problem.js';
import type { Field } from './field.js';
import { spoken } from './words.js';

/** Sorted is what a problem says, by pointer, and what it says of no field of the form. */
export interface Sorted {
  fields: Record<string, string>;
  others: string[];
}

/**
 * sort tells what a problem says of each field. That the system refused the
 * credential is said of the secret that was entered last.
 */
export function sort(problem: Problem | Partial<ProblemDocument> | undefined, fields: Field[]): Sorted {
  const document = problem instanceof Problem ? problem.document : problem;
  const sorted: Sorted = { fields: {}, others: [] };
  const members = document?.errors ?? [];
  for (const { pointer, detail } of members) {
    if (fields.some((f) => f.pointer === pointer)) sorted.fields[pointer] = spoken(detail);
    else if (/^\/(inputs|credential)(\/|$)/.test(pointer)) sorted.others.push(spoken(detail));
  }
  const secret = fields.findLast((f) => f.credential && (f.input.secret || f.input.type === 'secret' || f.input.type === 'file'));
  if (document?.code === 'verification_failed' && document.remedy === 'fix_input' && members.length === 0 && secret) {
    sorted.fields[secret.pointer] = spoken(document.detail ?? '');
  }
  return sorted;
}
