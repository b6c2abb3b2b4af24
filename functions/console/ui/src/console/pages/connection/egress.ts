import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import { copyButton } from './copy.js';
import type en from './en.js';
import { Section } from './section.js';

const t = translator<typeof en>();

/** ConnectionEgress are the addresses that a system with an allowlist has to admit. */
@customElement('tenon-connection-egress')
export class ConnectionEgress extends Section {
  private readonly egress = new Load<Schemas['Egress']>(this, () => ask(this.context.api.GET('/v1/egress')));

  override render() {
    return this.fold(t('connection.egress'), html`${this.egress.render(({ static: lasting, addresses }) => {
      const known = addresses ?? [];
      if (!lasting || !known.length) return html`<p>${t('connection.egressNone')}</p>`;
      return html`<p>${t('connection.egressLead', { connector: this.shown.connector.name })}</p>
        <ul class="chips">${known.map((a) => html`<li class="chip"><code>${a}</code></li>`)}</ul>
        <div class="bar">${copyButton(this.context, known.join('\n'), t('connection.egress'))}</div>`;
    })}`);
  }
}
