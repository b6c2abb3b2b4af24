import type { Schemas } from '../../api/schemas.js';
import type en from './en.js';

export type Input = Schemas['Input'];

/** Wrong is what is wrong with a value: a sentence of the dictionary, and what stands in its braces. */
export interface Wrong {
  key: keyof typeof en;
  values?: Record<string, string | number>;
}

const longestText = 1024;
/** What the API takes of one member of a credential, in bytes. */
export const longestSecret = 16 << 10;

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const host = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const control = /[\u0000-\u001f\u007f-\u009f]/;
const brokenText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * check finds what the API would find wrong with an input or a member of a
 * credential, as far as that can be said without asking; the API decides.
 */
export function check(input: Input, given: string, credential: boolean): Wrong | undefined {
  const text = credential ? given : given.trim();
  if (text === '') return input.optional || input.default ? undefined : { key: 'form.required' };
  if (input.type === 'file') return size(text, longestSecret) ?? (brokenText.test(text) ? { key: 'form.file' } : undefined);
  if (credential && text.trim() !== text) return { key: 'form.space' };
  return (credential ? line(text, longestSecret) : ofType(input, text)) ?? pattern(input, text);
}

function ofType(input: Input, text: string): Wrong | undefined {
  switch (input.type) {
    case 'dns-label':
      return label.test(text) ? undefined : { key: 'form.label' };
    case 'host':
      return named(text) ? undefined : { key: 'form.host' };
    case 'server':
      return named(text) || address(text) ? undefined : { key: 'form.server' };
    case 'port':
      return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65535 ? undefined : { key: 'form.port' };
    case 'url':
      return url(text);
    case 'path-segment':
      return text === '.' || text === '..' ? { key: 'form.segment' } : line(text, 256);
    case 'enum':
      return input.enum?.includes(text) ? undefined : { key: 'form.enum', values: { values: (input.enum ?? []).join(', ') } };
    default:
      return line(text, input.type === 'secret' ? longestSecret : longestText);
  }
}

function named(text: string): boolean { return text.length <= 253 && host.test(text.toLowerCase()); }

function address(text: string): boolean { return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text); }

/** url leaves to the API whether this stage may reach an address of the own machine. */
function url(text: string): Wrong | undefined {
  if (!URL.canParse(text) || text.length > 2048) return { key: 'form.url' };
  const u = new URL(text);
  if (u.username || u.password) return { key: 'form.urlUser' };
  if (/[?#]/.test(text)) return { key: 'form.urlQuery' };
  const own = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(u.hostname);
  return own || (u.protocol === 'https:' && u.port === '' && named(u.hostname)) ? undefined : { key: 'form.urlHost' };
}

function line(text: string, longest: number): Wrong | undefined {
  return size(text, longest) ?? (control.test(text) ? { key: 'form.line' } : undefined);
}

function size(text: string, longest: number): Wrong | undefined {
  return new TextEncoder().encode(text).length > longest ? { key: 'form.long', values: { longest } } : undefined;
}

/** pattern is one of the API (RE2); what this browser cannot read is left to the API. */
function pattern(input: Input, text: string): Wrong | undefined {
  if (!input.pattern) return undefined;
  try {
    return new RegExp(`^(?:${input.pattern})$`, 'u').test(text) ? undefined : { key: 'form.pattern' };
  } catch {
    return undefined;
  }
}
