import type { Dictionary } from '../../../words/words.js';

export const words: Dictionary = { en: () => import('./en.js'), de: () => import('./de.js'), fr: () => import('./fr.js') };
