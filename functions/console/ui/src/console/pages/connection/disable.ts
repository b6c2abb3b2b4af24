import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ask, tag } from '../../../api/client.js';
import { plural, translator } from '../../../words/words.js';
import { Dialog } from './dialog.js';
import type en from './en.js';

const t = translator<typeof en>();

/** ConnectionDisable pauses a connection, after it has said what stops. */
@customElement('tenon-connection-disable')
export class ConnectionDisable extends Dialog {
  protected heading() { return t('connection.disableTitle'); }

  protected body() {
    const { bindings } = this.shown.connection;
    return html`<p>${t('connection.disableLead')}</p>
      ${bindings ? html`<p class="note warn">${plural('connection.disableFlows', bindings)}</p>` : nothing}
      ${this.buttons(t('connection.disable'), () => this.disable(), 'danger')}`;
  }

  private async disable() {
    const { connection: c } = this.shown;
    const disabled = await this.act(() => ask(this.context.api.POST('/v1/connections/{connectionId}/disable', { params: { path: { connectionId: c.id }, header: { 'If-Match': tag(c) } } })));
    if (disabled) this.finish(disabled, t('connection.disabled'));
  }
}
