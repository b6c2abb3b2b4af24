import type { Dictionary } from './words.js';

/** The words of all parts. */
export const common: Dictionary = {
  en: () => import('./en.js'),
  de: () => import('./de.js'),
  fr: () => import('./fr.js'),
};
