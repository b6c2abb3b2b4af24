import { longestSecret, type Wrong } from './checks.js';

/** Picked is a file as the form keeps it until it is sent: what it holds is never shown. */
export interface Picked {
  name: string;
  bytes: number;
  text: string;
}

/** read takes the text of a file. A PKCS#12 file is none, and is written in Base64. */
export async function read(file: File): Promise<Picked | Wrong> {
  const tooLong: Wrong = { key: 'form.long', values: { longest: longestSecret } };
  if (file.size > longestSecret) return tooLong;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const picked = { name: file.name, bytes: bytes.length };
  try {
    return { ...picked, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    if (!/\.(p12|pfx)$/i.test(file.name)) return { key: 'form.file' };
    const text = btoa(String.fromCharCode(...bytes));
    return text.length > longestSecret ? tooLong : { ...picked, text };
  }
}

/** size writes a number of bytes. */
export function size(bytes: number, language: string): string {
  const [value, unit] = bytes < 1000 ? [bytes, 'byte'] : [bytes / 1000, 'kilobyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
}
