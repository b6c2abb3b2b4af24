import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { day, moment, translator, word } from '../../../words/words.js';
import type en from './en.js';
import { schemeOf, Section } from './section.js';

const t = translator<typeof en>();

/** ConnectionDetails is the account, the environment, the inputs and the labels. */
@customElement('tenon-connection-details')
export class ConnectionDetails extends Section {
  override render() {
    const { connection: c } = this.shown;
    const scheme = schemeOf(this.shown);
    const titles = new Map(scheme?.inputs?.map((i) => [i.name, i.title]));
    return this.fold(t('connection.details'), html`
      <dl class="facts">
        <dt>${t('connection.account')}</dt><dd>${this.account()}</dd>
        <dt>${t('connection.environment')}</dt><dd>${word('environment', c.environment)}${c.testCredential ? html` <span class="chip">${t('connection.testCredential')}</span>` : nothing}</dd>
        ${Object.entries(c.inputs ?? {}).map(([name, value]) => html`<dt>${titles.get(name) ?? name}</dt><dd>${value}</dd>`)}
        <dt>${t('connection.labels')}</dt><dd>${this.labels()}</dd>
        <dt>${t('connection.lastUsed')}</dt><dd>${c.lastUsedAt ? day(c.lastUsedAt) : t('connection.neverUsed')}</dd>
        <dt>${t('connection.created')}</dt><dd>${t('connection.byAt', { by: c.createdBy, at: moment(c.createdAt) })}</dd>
        <dt>${t('connection.id')}</dt><dd><code>${c.id}</code></dd>
      </dl>
      ${this.writable ? html`<div class="bar">
        <button type="button" @click=${() => this.open('edit')}>${t('action.edit')}</button>
        ${scheme?.accounts && c.credential ? html`<button type="button" @click=${() => this.open('account')}>${c.account ? t('connection.switchAccount') : t('connection.chooseAccount')}</button>` : nothing}
      </div>` : nothing}`, true);
  }

  private account() {
    const a = this.shown.connection.account;
    if (!a) return html`<span class="soft">${this.shown.connection.status === 'pending' ? t('connection.noAccount') : '–'}</span>`;
    return html`${a.name ?? a.id}${a.name ? html` <code class="soft">${a.id}</code>` : nothing}${a.kind ? html` <span class="chip">${a.kind}</span>` : nothing}`;
  }

  private labels() {
    const all = Object.entries(this.shown.connection.labels ?? {});
    if (!all.length) return html`<span class="soft">${t('state.none')}</span>`;
    return html`<ul class="chips">${all.map(([name, value]) => html`<li class="chip">${name}${value ? `: ${value}` : ''}</li>`)}</ul>`;
  }
}
