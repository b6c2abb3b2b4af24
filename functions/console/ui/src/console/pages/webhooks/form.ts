import { html, nothing } from 'lit';
import type { Problem } from '../../../api/problem.js';
import { checkField, selectField, textField, wrongIn } from '../../../parts/field.js';
import { translator, word } from '../../../words/words.js';
import { organizationEvents, tenantEvents } from './types.js';
import type en from './en.js';

const t = translator<typeof en>();

/** Typed is what the form shows of an endpoint, as it is typed. */
export interface Typed {
  url: string;
  description: string;
  /** Every type, those of later versions too. */
  every: boolean;
  events: string[];
}

/** body is what the form says. None of the types stands for all of them. */
export function body(f: Typed) {
  return { url: f.url.trim(), description: f.description.trim(), events: f.every ? [] : f.events };
}

/** fields draws the form of an endpoint. */
export function fields(f: Typed, organization: boolean, trouble: Problem | undefined, set: (part: Partial<Typed>) => void) {
  const toggle = (type: string, on: boolean) => set({ events: on ? [...f.events, type] : f.events.filter((e) => e !== type) });
  const wrong = wrongIn(trouble, '/events', f.events) ?? (!f.every && !f.events.length ? t('webhooks.eventsNone') : undefined);
  return html`
    ${textField({ id: 'url', type: 'url', label: t('webhooks.url'), help: t('webhooks.urlHelp'), required: true, value: f.url, wrong: trouble?.field('/url'), input: (url) => set({ url }) })}
    ${textField({ id: 'description', label: t('webhooks.description'), optional: true, value: f.description, wrong: trouble?.field('/description'), input: (description) => set({ description }) })}
    ${selectField({
      id: 'every', label: t('webhooks.events'), value: f.every ? 'all' : 'some', wrong, change: (v) => set({ every: v === 'all' }),
      options: [['all', t('webhooks.eventsAll')], ['some', t('webhooks.eventsSome')]],
    })}
    ${f.every ? nothing : html`<div class="stack" role="group" aria-label=${t('webhooks.events')}>
      ${[...tenantEvents, ...(organization ? organizationEvents : [])].map((type) => checkField({ id: `event-${type}`, label: word('webhooks.event', type), help: type, checked: f.events.includes(type), change: (on) => toggle(type, on) }))}
    </div>`}`;
}
