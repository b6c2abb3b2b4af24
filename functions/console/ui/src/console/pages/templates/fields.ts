import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import type { Problem } from '../../../api/problem.js';
import { checkField, linesField, secretField, selectField, textField, wrongIn } from '../../../parts/field.js';
import { translator } from '../../../words/words.js';
import { type Scheme, scopesOf, type Typed } from './form.js';
import type en from './en.js';

const t = translator<typeof en>();

type Set = (part: Partial<Typed>) => void;

/** Id of the field of the client secret. */
export const secretId = 'client-secret';

/** general draws what a template is called, and who connects through it. */
export function general(f: Typed, trouble: Problem | undefined, set: Set) {
  const parties: [string, string][] = [['customer', t('templates.customer')], ['organization', t('templates.organization')]];
  return html`<section class="card stack">
    <h2>${t('templates.general')}</h2>
    ${textField({ id: 'name', label: t('templates.name'), help: t('templates.nameHelp'), value: f.name, wrong: trouble?.field('/name'), input: (name) => set({ name }) })}
    ${checkField({ id: 'embedded', label: t('templates.embedded'), help: t('templates.embeddedHelp'), checked: f.embedded, change: (embedded) => set({ embedded }) })}
    ${selectField({
      id: 'credentials', label: t('templates.credentials'), help: t('templates.credentialsHelp'), value: f.credentials, wrong: trouble?.field('/credentials'), options: parties,
      change: (v) => set({ credentials: v as Typed['credentials'], ...(v === 'organization' ? { suppliedBy: 'organization' as const } : {}) }),
    })}
    ${f.credentials === 'customer' ? selectField({ id: 'supplied', label: t('templates.suppliedBy'), help: t('templates.suppliedByHelp'), value: f.suppliedBy, wrong: trouble?.field('/suppliedBy'), options: parties, change: (v) => set({ suppliedBy: v as Typed['suppliedBy'] }) }) : nothing}
  </section>`;
}

/** inputs draws where the value of each input comes from: one for all, or one of each connection. */
export function inputs(f: Typed, scheme: Scheme | undefined, trouble: Problem | undefined, set: Set) {
  const all = (scheme?.inputs ?? []).filter((i) => !i.secret);
  if (!all.length) return nothing;
  const put = (name: string, value: string | undefined) => {
    const { [name]: _, ...rest } = f.inputs;
    set({ inputs: value === undefined ? rest : { ...rest, [name]: value } });
  };
  return html`<section class="card stack">
    <h2>${t('templates.inputs')}</h2><p class="soft">${t('templates.inputsHelp')}</p>
    ${all.map((i) => html`
      ${checkField({ id: `global-${i.name}`, label: t('templates.global', { input: i.title }), help: i.help, checked: i.name in f.inputs, change: (on) => put(i.name, on ? (i.default ?? '') : undefined) })}
      ${i.name in f.inputs ? value(i, f.inputs[i.name]!, trouble?.field(`/inputs/${i.name}`), (v) => put(i.name, v)) : nothing}`)}
  </section>`;
}

function value(i: Schemas['Input'], value: string, wrong: string | undefined, input: (value: string) => void) {
  const common = { id: `input-${i.name}`, label: i.title, value, wrong };
  if (i.enum?.length) return selectField({ ...common, options: ['', ...i.enum].map((e) => [e, e]), change: input });
  return textField({ ...common, input });
}

/** scopes draws what connections ask for. */
export function scopes(f: Typed, scheme: Scheme | undefined, trouble: Problem | undefined, set: Set) {
  if (!scheme?.type.startsWith('oauth2')) return nothing;
  const toggle = (name: string, on: boolean) => set({ scopes: on ? [...f.scopes, name] : f.scopes.filter((s) => s !== name) });
  return html`<section class="card stack">
    <h2>${t('templates.scopes')}</h2>
    ${(scheme.scopes ?? []).map((s) => checkField({ id: `scope-${s.name}`, label: s.name, help: s.description, checked: f.scopes.includes(s.name), change: (on) => toggle(s.name, on) }))}
    ${linesField({ id: 'more', label: t('templates.more'), help: t('templates.moreHelp'), value: f.more, wrong: wrongIn(trouble, '/scopes', scopesOf(f)), input: (more) => set({ more }) })}
  </section>`;
}

/** client draws the OAuth client; of the secret that is there only its end is known. */
export function client(f: Typed, scheme: Scheme | undefined, of: Schemas['Template'] | undefined, trouble: Problem | undefined, set: Set) {
  // With fields of its own, each connection brings its client (OAuth 1.0a may have either).
  if (!scheme?.type.startsWith('oauth') || (scheme.fields?.length && !scheme.type.startsWith('oauth1') && !of?.clientId)) return nothing;
  const held = of?.clientSecret;
  return html`<section class="card stack">
    <h2>${t('templates.client')}</h2><p class="soft">${t('templates.clientHelp')}</p>
    ${textField({ id: 'client-id', label: t('templates.clientId'), value: f.clientId, wrong: trouble?.field('/clientId'), input: (clientId) => set({ clientId }) })}
    ${secretField({ id: secretId, label: held?.set ? t('templates.newSecret') : t('templates.clientSecret'), help: held?.set ? t('templates.secretHeld', { last4: held.last4 ?? '' }) : t('templates.secretHelp'), wrong: trouble?.field('/clientSecret') })}
    ${textField({ id: 'ends', type: 'date', label: t('templates.secretEnds'), help: t('templates.secretEndsHelp'), optional: true, value: f.secretEnds, wrong: trouble?.field('/clientSecretExpiresAt'), input: (secretEnds) => set({ secretEnds }) })}
    ${of?.clientId && (of.clients?.length ?? 0) < 2 ? checkField({ id: 'keep', label: t('templates.keep'), help: trouble?.field('/keepPrevious') ?? t('templates.keepHelp'), checked: f.keepPrevious, change: (keepPrevious) => set({ keepPrevious }) }) : nothing}
  </section>`;
}
