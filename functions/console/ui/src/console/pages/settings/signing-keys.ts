import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ask, once, type Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import '../../../parts/confirm.js';
import type { TenonConfirm } from '../../../parts/confirm.js';
import '../../../parts/copy.js';
import { focusWrong, selectField, textField } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { tabsStyle } from '../../../parts/tabs.js';
import { day, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import { settingsTabs } from './tabs.js';
import type en from './en.js';

const t = translator<typeof en>();

type Key = Schemas['SigningKey'];
type New = { algorithm: Key['algorithm']; keySize: string; validDays: string };

const fresh: New = { algorithm: 'PS256', keySize: '3072', validDays: '729' };

/** PageSigningKeys shows the keys that sign for connections, makes new ones and retires old ones. */
@customElement('tenon-page-signing-keys')
export class PageSigningKeys extends Page {
  static override styles = [...controls, tabsStyle];

  @state() private adding?: New;
  @state() private retiring?: Key;
  @query('tenon-confirm') private readonly dialog?: TenonConfirm;
  private key = once();

  private readonly list = new Load<Key[]>(this, async () => (await ask(this.context.api.GET('/v1/signing-keys'))).items ?? []);

  override render() {
    const may = this.context.may('settings:write');
    return html`<div class="page">
      ${settingsTabs('/signing-keys')}
      <div class="head">
        <div><h1>${t('keys.title')}</h1><p class="soft">${t('keys.lead')}</p></div>
        ${may && !this.adding ? html`<button class="main" type="button" @click=${() => this.begin()}>${t('keys.new')}</button>` : nothing}
      </div>
      ${this.adding ? this.form(this.adding) : nothing}
      ${this.list.render((keys) => (keys.length ? this.table(keys, may) : html`<div class="empty"><h2>${t('keys.empty')}</h2><p class="soft">${t('keys.emptyLead')}</p></div>`))}
      ${this.retiring ? this.confirmation(this.retiring) : nothing}
    </div>`;
  }

  private table(keys: Key[], may: boolean) {
    const uri = keys[0]!.jwksUri;
    return html`
      <div class="card stack"><h2>${t('keys.set')}</h2><p class="soft">${t('keys.setHelp')}</p>
        <div class="bar"><code>${uri}</code><tenon-copy .text=${uri} what=${t('keys.set')}></tenon-copy></div></div>
      <div class="card scroll" tabindex="0" role="region" aria-label=${t('keys.title')}><table>
        <thead><tr><th scope="col">${t('keys.key')}</th><th scope="col">${t('keys.state')}</th><th scope="col">${t('keys.expires')}</th><th scope="col">${t('keys.certificate')}</th><th scope="col"><span class="quiet">${t('keys.retire')}</span></th></tr></thead>
        <tbody>${keys.map((k) => html`<tr>
          <th scope="row">${k.algorithm} ${k.keySize}<br><code>${k.id}</code></th>
          <td>${word('keys.state', k.state)}</td>
          <td>${k.expiresAt ? day(k.expiresAt) : ''}</td>
          <td>${k.certificate ? html`<tenon-copy .text=${k.certificate} what="${t('keys.certificate')} ${k.id}"></tenon-copy>` : ''}</td>
          <td>${may && k.state !== 'retired' ? html`<button class="danger" type="button" aria-label="${t('keys.retire')} ${k.id}" @click=${() => { this.trouble = undefined; this.retiring = k; }}>${t('keys.retire')}</button>` : nothing}</td>
        </tr>`)}</tbody></table></div>`;
  }

  private form(n: New) {
    const set = (part: Partial<New>) => { this.adding = { ...n, ...part }; this.key = once(); };
    return html`<form class="card" novalidate @submit=${this.create}>
      <h2>${t('keys.new')}</h2>
      ${selectField({ id: 'algorithm', label: t('keys.algorithm'), help: t('keys.algorithmHelp'), value: n.algorithm, wrong: this.trouble?.field('/algorithm'), options: ['PS256', 'RS256', 'ES256'].map((a) => [a, a]), change: (v) => set({ algorithm: v as Key['algorithm'] }) })}
      ${n.algorithm === 'ES256' ? nothing : selectField({ id: 'size', label: t('keys.size'), value: n.keySize, wrong: this.trouble?.field('/keySize'), options: ['2048', '3072', '4096'].map((s) => [s, s]), change: (keySize) => set({ keySize }) })}
      ${textField({ id: 'days', type: 'number', label: t('keys.valid'), help: t('keys.validHelp'), value: n.validDays, wrong: this.trouble?.field('/validDays'), input: (validDays) => set({ validDays }) })}
      <tenon-problem fields .problem=${this.retiring ? undefined : this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working}>${this.working ? t('state.working') : t('keys.create')}</button>
        <button type="button" @click=${() => (this.adding = undefined)}>${t('action.cancel')}</button>
      </div>
    </form>`;
  }

  private confirmation(k: Key) {
    return html`<tenon-confirm danger heading=${t('keys.retireHeading')} .action=${t('keys.retire')} ?working=${this.working} .problem=${this.trouble}
      @confirm=${() => this.retire(k)} @close=${() => (this.retiring = undefined)}>
      <p>${t('keys.retireText')}</p><p><code>${k.id}</code></p>
    </tenon-confirm>`;
  }

  private async begin() {
    [this.adding, this.key, this.trouble] = [fresh, once(), undefined];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#algorithm')?.focus();
  }

  private readonly create = async (e: Event) => {
    e.preventDefault();
    const { algorithm, keySize, validDays } = this.adding!;
    const body: Schemas['SigningKeyCreate'] = { algorithm, validDays: Number(validDays), ...(algorithm === 'ES256' ? {} : { keySize: Number(keySize) as 3072 }) };
    const made = await this.act(() => ask(this.context.api.POST('/v1/signing-keys', { params: { header: { 'Idempotency-Key': this.key } }, body })));
    if (!made) return focusWrong(this);
    this.adding = undefined;
    this.context.say(t('keys.created'));
    await this.list.again();
  };

  private async retire(k: Key) {
    const done = await this.act(async () => { await ask(this.context.api.DELETE('/v1/signing-keys/{signingKeyId}', { params: { path: { signingKeyId: k.id } } })); return true; });
    if (!done) return;
    this.dialog?.close();
    this.context.say(t('keys.retired'));
    await this.list.again();
  }
}
