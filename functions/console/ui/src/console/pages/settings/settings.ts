import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import { checkField, focusWrong, lines, linesField, selectField, textField, wrongIn } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { tabsStyle } from '../../../parts/tabs.js';
import { Unsaved } from '../../../parts/unsaved.js';
import { controls } from '../../../look/controls.js';
import { translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import { defaults, settings, type Typed, typed } from './form.js';
import './ladder.js';
import { settingsTabs } from './tabs.js';
import type en from './en.js';

const t = translator<typeof en>();

/** PageSettings is one form of everything a tenant may choose. */
@customElement('tenon-page-settings')
export class PageSettings extends Page {
  static override styles = [...controls, tabsStyle, css`
    fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: grid; gap: 1.1rem; }
    .save.kept { position: sticky; bottom: 0; padding: 0.9rem 0; background: var(--ground); }
    input, select, textarea, button { scroll-margin-bottom: 6rem; }
  `];

  @state() private form?: Typed;

  private readonly loaded = new Load<Schemas['Settings']>(this, async () => {
    const read = await ask(this.context.api.GET('/v1/settings'));
    this.form = typed(read);
    this.trouble = undefined;
    return read;
  });

  private readonly unsaved = new Unsaved(this, () => this.dirty);

  private get dirty(): boolean {
    return !!this.form && !!this.loaded.value && JSON.stringify(this.form) !== JSON.stringify(typed(this.loaded.value));
  }

  override render() {
    return html`<div class="page">
      ${settingsTabs('')}
      <div><h1>${t('nav.settings')}</h1><p class="soft">${t('settings.lead')}</p></div>
      ${this.loaded.render(() => this.draw(this.form!))}
      ${this.unsaved.render()}
    </div>`;
  }

  private set(part: Partial<Typed>) { this.form = { ...this.form!, ...part }; }

  private draw(f: Typed) {
    const may = this.context.may('settings:write');
    return html`<form novalidate @submit=${this.save}>
      <fieldset ?disabled=${!may}>
        ${this.people(f)} ${this.reminders(f, may)} ${this.stale(f)} ${this.pages(f)}
      </fieldset>
      <tenon-problem fields .problem=${this.trouble} @reload=${() => this.loaded.again()}></tenon-problem>
      ${may ? html`<div class="bar save ${this.dirty ? 'kept' : ''}">
        <button class="main" type="submit" ?disabled=${this.working || !this.dirty}>${this.working ? t('state.working') : t('action.save')}</button>
        ${this.dirty ? html`<button type="button" @click=${() => this.discard()}>${t('action.discard')}</button><span class="soft small">${t('unsaved.bar')}</span>` : nothing}
      </div>` : html`<p class="note">${t('settings.readOnly')}</p>`}
    </form>`;
  }

  private people(f: Typed) {
    return html`<section class="card stack">
      <h2>${t('settings.people')}</h2>
      ${linesField({ id: 'admins', label: t('settings.admins'), help: t('settings.adminsHelp'), value: f.admins, wrong: wrongIn(this.trouble, '/admins', lines(f.admins)), input: (admins) => this.set({ admins }) })}
      ${checkField({ id: 'notices', label: t('settings.notices'), help: t('settings.noticesHelp'), checked: f.notices, change: (notices) => this.set({ notices }) })}
    </section>`;
  }

  private reminders(f: Typed, may: boolean) {
    return html`<section class="card stack">
      <h2>${t('settings.reminders')}</h2>
      ${checkField({ id: 'reminders', label: t('settings.remind'), help: t('settings.remindHelp'), checked: f.reminders, change: (reminders) => this.set({ reminders }) })}
      <tenon-settings-ladder .days=${f.days} ?disabled=${!may} wrong=${wrongIn(this.trouble, '/reminders/daysBefore', f.days) ?? ''}
        @change=${(e: CustomEvent<number[]>) => this.set({ days: e.detail })}></tenon-settings-ladder>
      ${selectField({
        id: 'rotation', label: t('settings.rotation'), help: t('settings.rotationHelp'), value: f.rotation, change: (v) => this.set({ rotation: v as Typed['rotation'] }),
        options: [['default', t('settings.rotationDefault', { days: defaults.rotationDays })], ['days', t('settings.afterDays')], ['never', t('settings.never')]],
      })}
      ${f.rotation === 'days' ? textField({ id: 'rotation-days', type: 'number', label: t('settings.rotationDays'), value: f.rotationDays, wrong: wrongIn(this.trouble, '/reminders/rotationDays', []), input: (rotationDays) => this.set({ rotationDays }) }) : nothing}
    </section>`;
  }

  private stale(f: Typed) {
    return html`<section class="card stack">
      <h2>${t('settings.stale')}</h2>
      ${selectField({
        id: 'stale', label: t('settings.staleAfter'), help: t('settings.staleHelp'), value: f.stale, change: (v) => this.set({ stale: v as Typed['stale'] }),
        options: [['never', t('settings.never')], ['days', t('settings.afterDays')]],
      })}
      ${f.stale === 'days' ? html`
        ${textField({ id: 'stale-days', type: 'number', label: t('settings.staleDays'), value: f.staleDays, wrong: wrongIn(this.trouble, '/stale/days', []), input: (staleDays) => this.set({ staleDays }) })}
        ${checkField({ id: 'stale-disable', label: t('settings.staleDisable'), help: t('settings.staleDisableHelp'), checked: f.staleDisable, change: (staleDisable) => this.set({ staleDisable }) })}` : nothing}
    </section>`;
  }

  private pages(f: Typed) {
    return html`<section class="card stack">
      <h2>${t('settings.returns')}</h2>
      ${linesField({ id: 'returns', label: t('settings.returnUrls'), help: t('settings.returnUrlsHelp'), value: f.returnUrls, wrong: wrongIn(this.trouble, '/returnUrls', lines(f.returnUrls)), input: (returnUrls) => this.set({ returnUrls }) })}
    </section>`;
  }

  private discard() {
    this.form = typed(this.loaded.value!);
    this.trouble = undefined;
  }

  private readonly save = async (e: Event) => {
    e.preventDefault();
    const [read, form] = [this.loaded.value!, this.form!];
    const saved = await this.act(() => ask(this.context.api.PUT('/v1/settings', { params: { header: { 'If-Match': tag(read) } }, body: settings(form) })));
    if (!saved) return focusWrong(this);
    this.loaded.set(saved);
    this.form = typed(saved);
    this.context.say(t('state.saved'));
  };
}
