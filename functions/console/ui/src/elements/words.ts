import { know, translator, type Dictionary } from '../words/words.js';
import en from './en.js';

// English is always there; the other languages are loaded when a page has them.
know(en);

/** The words of the elements. */
export const dictionary: Dictionary = {
  en: () => Promise.resolve({ default: en }),
  de: () => import('./de.js'),
  fr: () => import('./fr.js'),
};

export const t = translator<typeof en>();
