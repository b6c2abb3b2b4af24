import type { Dictionary } from '../../words/words.js';
import { word } from '../../words/words.js';
import en from './en.js';

export const words: Dictionary = { en: async () => ({ default: en }), de: () => import('./de.js'), fr: () => import('./fr.js') };

/** spoken says a sentence of the API in the language of the page, where it is one of ours. */
export function spoken(sentence: string): string {
  const known = Object.entries(en).find(([, text]) => text === sentence);
  return known ? word('form', known[0].slice('form.'.length)) : sentence;
}
