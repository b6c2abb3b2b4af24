import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask, tag } from '../../../api/client.js';
import { translator, word } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';

const t = translator<typeof en>();

/** How long the credential that was current is kept to go back to, in seconds. */
const graces = { none: 0, hour: 3600, day: 86_400, week: 604_800 };
type Grace = keyof typeof graces;

/** ConnectionVersion makes another version of the credential current, or drops it. */
@customElement('tenon-connection-version')
export class ConnectionVersion extends Dialog {
  @property() does: 'promote' | 'rollBack' | 'discard' | 'endGrace' = 'promote';
  @state() private grace: Grace = 'day';

  private get version() {
    const { pendingCredential, previousCredential } = this.shown.connection;
    return this.does === 'promote' || this.does === 'discard' ? pendingCredential : previousCredential;
  }

  private get promotes(): boolean { return this.does === 'promote' || this.does === 'rollBack'; }

  protected heading() { return t(`connection.${this.does}Title`, { version: this.version?.version ?? '' }); }

  protected body() {
    const v = this.version;
    if (!v) return html`<p>${t('connection.versionGone')}</p>${this.wrong()}`;
    return html`<p>${t(`connection.${this.does}Lead`, { connector: this.shown.connector.name })}</p>
      ${v.outcome && this.does === 'promote' ? html`<p class="small">${t('connection.checked')}: ${word('connection.outcome', v.outcome)}</p>` : nothing}
      ${this.promotes && this.shown.connection.credential ? html`<label>${t('connection.grace')}
        <select @change=${(e: Event) => (this.grace = (e.target as HTMLSelectElement).value as Grace)}>
          ${(Object.keys(graces) as Grace[]).map((g) => html`<option value=${g} .selected=${g === this.grace}>${t(`connection.grace.${g}`)}</option>`)}
        </select></label>` : nothing}
      ${this.buttons(t(`connection.${this.does}`), () => this.run(v.version), this.promotes ? 'main' : 'danger')}`;
  }

  private async run(version: number) {
    const { connection: c } = this.shown;
    const params = { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } };
    const changed = await this.act(() => ask(this.promotes
      ? this.context.api.POST('/v1/connections/{connectionId}/credential/promote', { params, body: { version, graceSeconds: graces[this.grace] } })
      : this.context.api.POST('/v1/connections/{connectionId}/credential/discard', { params, body: { version } })));
    if (changed) this.finish(changed, t(`connection.${this.does}Done`, { version }));
  }
}
