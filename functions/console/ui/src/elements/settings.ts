import { choose, learn, preferred } from '../words/words.js';
import type { Language } from '../words/words.js';
import type { Asking } from './session.js';
import { dictionary } from './words.js';

/** Settings are what the elements of a page have in common. What an element says itself wins. */
export interface Settings {
  /** Origin of the API; that of this script unless it is named. */
  api?: string;
  /** Returns an access token of the person; asked before every call. */
  token?: () => string | Promise<string>;
  /** Has the page's own backend mint a connect session, for pages without a token. */
  session?: Asking['session'];
  /** Asks the page's own backend how far a connect session has come. */
  status?: Asking['status'];
  /** The page's own id of the person who connects; the subject of the token unless it is named. */
  endUser?: string;
  /** Of the words; that of the page unless it is named. */
  language?: Language;
}

/** settings are those of the page. */
export const settings: Readonly<Settings> = {};

/** changes has the event "change" when the settings or the words are others. */
export const changes = new EventTarget();

let spoken: Language = 'en';

/** configure changes the settings of the page; what is not named stays. */
export function configure(some: Settings): void {
  Object.assign(settings, some);
  changes.dispatchEvent(new Event('change'));
  void speak();
}

/** speak loads the words of the page's language, once. On a server, which renders the page around the elements, there is nothing to say. */
export async function speak(): Promise<void> {
  if (typeof document === 'undefined') return;
  const tag = settings.language ?? document.documentElement.lang;
  const language = tag ? preferred([tag]) : preferred();
  if (language === spoken) return;
  spoken = language;
  choose(language);
  await learn(dictionary).catch(() => undefined); // English is there.
  changes.dispatchEvent(new Event('change'));
}

// The language is chosen before the first element is there.
void speak();
