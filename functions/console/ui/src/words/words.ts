import type en from './en.js';

/** Language is one that every word of the console is in. */
export type Language = 'en' | 'de' | 'fr';
export const languages: Record<Language, string> = { en: 'English', de: 'Deutsch', fr: 'Français' };

/** Dictionary brings the words of one part of the page, in each language. */
export type Dictionary = Record<Language, () => Promise<{ default: Record<string, string> }>>;
type Values = Record<string, string | number>;

let language: Language = 'en';
const words: Record<string, string> = {};

/** chosen is the language of the page. */
export function chosen(): Language { return language; }

/** preferred is the first language of the browser that there are words in. */
export function preferred(wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    const base = tag.split('-')[0]!.toLowerCase();
    if (base in languages) return base as Language;
  }
  return 'en';
}

/** choose sets the language; words that were learned before are learned anew. */
export function choose(l: Language): void { language = l; }

/** learn makes words known. A key belongs to the part of the page it begins with. */
export async function learn(d: Dictionary): Promise<void> {
  Object.assign(words, (await d[language]()).default);
}

/** know gives words that stand until others of the same key are learned. */
export function know(some: Record<string, string>): void {
  for (const [key, text] of Object.entries(some)) words[key] ??= text;
}

/**
 * translator returns the words of a part of the page and those of all parts. What
 * stands in braces is replaced: t('greeting', { name }).
 */
export function translator<W extends Record<string, string>>() {
  return (key: (keyof W & string) | (keyof typeof en & string), values: Values = {}): string => say(key, values);
}

/** plural chooses among key.one and key.other by the count, which stands for {count}. */
export function plural(key: string, count: number, values: Values = {}): string {
  const form = new Intl.PluralRules(language).select(count);
  return say(`${key}.${form}` in words ? `${key}.${form}` : `${key}.other`, { count: number(count), ...values });
}

/** word returns a word whose key is made of a value of the API, or the value itself. */
export function word(prefix: string, value: string): string {
  return words[`${prefix}.${value}`] ?? value.replaceAll('_', ' ');
}

function say(key: string, values: Values): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export function number(n: number): string { return new Intl.NumberFormat(language).format(n); }

/** day writes a date: 21 Nov 2026. */
export function day(at: string | Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(at));
}

/** moment writes a date with its time. */
export function moment(at: string | Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31536e6], ['month', 2592e6], ['day', 864e5], ['hour', 36e5], ['minute', 6e4], ['second', 1e3]];

/** ago writes how far a time is from now: 3 days ago, in 2 hours. */
export function ago(at: string | Date, now = Date.now()): string {
  const ms = new Date(at).getTime() - now;
  const [unit, size] = units.find(([, s]) => Math.abs(ms) >= s) ?? ['second', 1e3];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(ms / size), unit);
}
