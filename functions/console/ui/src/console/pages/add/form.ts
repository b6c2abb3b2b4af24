import { html, nothing } from 'lit';
import type { Schemas } from '../../../api/client.js';
import type { Problem } from '../../../api/problem.js';
import { translator, word } from '../../../words/words.js';
import type en from './en.js';

const t = translator<typeof en>();

type Template = Schemas['Template'];

/** Step is where the person is. */
export type Step = 'details' | 'check' | 'handoff' | 'done';

/** progress lists the steps; the one that is on is marked for those who hear the page, too. */
export function progress(step: Step, signing: boolean) {
  const all: Step[] = ['details', signing ? 'handoff' : 'check', 'done'];
  const at = all.indexOf(step);
  return html`<ol class="progress" aria-label=${t('add.progress')}>${all.map((s, i) => html`<li class=${i < at || step === 'done' ? 'done' : ''} aria-current=${s === step ? 'step' : nothing}>
    <span class="number" aria-hidden="true">${i < at || step === 'done' ? '✓' : i + 1}</span>${word('add.step', s)}</li>`)}</ol>`;
}

/** templateChoice is shown where there is something to choose. */
export function templateChoice(offer: { connector: Schemas['Connector']; templates: Template[] }, chosen: Template, disabled: boolean, choose: (id: string) => void) {
  if (offer.templates.length < 2) return nothing;
  const nameOf = (x: Template) => offer.connector.authSchemes?.find((s) => s.id === x.authScheme)?.name ?? x.authScheme;
  return html`<fieldset ?disabled=${disabled}><legend>${t('add.template')}</legend>${offer.templates.map((x) => html`<label class="check">
    <input type="radio" name="template" value=${x.id} .checked=${x.id === chosen.id} @change=${() => choose(x.id)} />
    <span>${x.name}<br><span class="small soft">${nameOf(x)}</span></span></label>`)}</fieldset>`;
}

/** naming reads the fields of nameFields. */
export function naming(root: HTMLElement | DocumentFragment): { name: string; environment: 'production' | 'test' } {
  return { name: root.querySelector<HTMLInputElement>('#name')!.value.trim(), environment: root.querySelector<HTMLSelectElement>('#environment')!.value as 'production' | 'test' };
}

/** nameFields asks what the connection is called, and what it is for. */
export function nameFields(suggested: string, problem: Problem | undefined, disabled: boolean) {
  const wrong = problem?.field('/name');
  return html`
    <div class="field"><label for="name">${t('add.name')}</label>
      <input id="name" maxlength="120" autocomplete="off" aria-required="true" value=${suggested} ?disabled=${disabled} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${wrong ? 'name-help name-wrong' : 'name-help'} />
      <p class="help" id="name-help">${t('add.nameHelp')}</p>${wrong ? html`<p class="wrong" id="name-wrong">${wrong}</p>` : nothing}</div>
    <div class="field"><label for="environment">${t('add.environment')}</label>
      <select id="environment" ?disabled=${disabled}><option value="production">${t('environment.production')}</option><option value="test">${t('environment.test')}</option></select></div>`;
}

/** advice says what helps after a refusal, and that secrets are gone. */
export function advice(problem: Problem) {
  if (problem.offline) return html`<p class="small">${t('add.offline')}</p>`;
  const remedy = problem.document?.remedy;
  return html`<p class="small">${t('add.nothingSaved')} ${remedy ? word('add.remedy', remedy) : ''}</p>`;
}
