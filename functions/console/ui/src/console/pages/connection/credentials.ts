import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Schemas } from '../../../api/client.js';
import { ago, day, moment, translator, word } from '../../../words/words.js';
import { copyButton } from './copy.js';
import type en from './en.js';
import { renewalText } from './remedy.js';
import { renewal, Section } from './section.js';

const t = translator<typeof en>();

type Credential = Schemas['Credential'];

/** ConnectionCredentials are the versions of the credential, none of which is ever shown. */
@customElement('tenon-connection-credentials')
export class ConnectionCredentials extends Section {
  override render() {
    const { credential, pendingCredential: pending, previousCredential: previous } = this.shown.connection;
    return this.fold(t('connection.credential'), html`
      ${credential || pending || previous ? html`<ul class="rows">
        ${credential ? this.version(credential, nothing) : nothing}
        ${pending ? this.version(pending, this.writable ? html`<button class="main" type="button" @click=${() => this.open('promote')}>${t('connection.promote')}</button>
          <button type="button" @click=${() => this.open('discard')}>${t('connection.discard')}</button>` : nothing) : nothing}
        ${previous ? this.version(previous, this.writable ? html`<button type="button" @click=${() => this.open('rollBack')}>${t('connection.rollBack')}</button>
          <button type="button" @click=${() => this.open('endGrace')}>${t('connection.endGrace')}</button>` : nothing) : nothing}
      </ul>` : html`<p class="soft">${t('connection.credentialNone')}</p>`}
      ${this.writable ? html`<div class="bar"><button type="button" @click=${() => this.open(renewal(this.shown))}>${renewalText(this.shown)}</button></div>` : nothing}`, true);
  }

  private version(c: Credential, actions: unknown) {
    return html`<li>
      <div class="between"><h3>${t('connection.version', { version: c.version })}</h3><span class="chip">${word('connection.versionState', c.state)}</span></div>
      <dl class="facts">
        ${c.last4 ? html`<dt>${t('connection.last4')}</dt><dd><code>…${c.last4}</code></dd>` : nothing}
        ${c.user ? html`<dt>${t('connection.user')}</dt><dd>${c.user}</dd>` : nothing}
        <dt>${t('connection.set')}</dt><dd>${t('connection.byAt', { by: c.setBy, at: moment(c.setAt) })}</dd>
        ${c.outcome ? html`<dt>${t('connection.checked')}</dt><dd>${word('connection.outcome', c.outcome)}</dd>` : nothing}
        ${c.lapsesAt ? html`<dt>${t('connection.lapses')}</dt><dd>${day(c.lapsesAt)}</dd>` : nothing}
        ${c.destroyedAt ? html`<dt>${t('connection.destroyed')}</dt><dd>${moment(c.destroyedAt)} <span class="soft">(${ago(c.destroyedAt)})</span></dd>` : nothing}
      </dl>
      ${c.refresh ? html`<p class="note warn small">${word('connection.refresh', c.refresh.state)}${c.refresh.nextAt ? html` ${t('connection.refreshNext', { when: ago(c.refresh.nextAt) })}` : nothing}</p>` : nothing}
      ${c.publicKey ? html`<p class="small"><strong>${t('connection.publicKey')}</strong></p><pre>${c.publicKey}</pre><div class="bar">${copyButton(this.context, c.publicKey, t('connection.publicKey'))}</div>` : nothing}
      ${actions === nothing ? nothing : html`<div class="bar">${actions}</div>`}
    </li>`;
  }
}
