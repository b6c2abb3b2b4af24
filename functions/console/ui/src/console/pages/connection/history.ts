import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { ago, moment, translator } from '../../../words/words.js';
import type en from './en.js';
import { Section } from './section.js';

const t = translator<typeof en>();
const recent = 10;

/** ConnectionHistory is who last did what to the connection. */
@customElement('tenon-connection-history')
export class ConnectionHistory extends Section {
  private readonly entries = new Load<Schemas['AuditEntry'][]>(this, async () => {
    const found: Schemas['AuditEntry'][] = [];
    let cursor: string | undefined;
    // A page may be short, or empty, before the end.
    for (let page = 0; page < 5 && found.length < recent; page++) {
      const answer = await ask(this.context.api.GET('/v1/audit', { params: { query: { resource: this.shown.connection.id, limit: recent, cursor } } }));
      found.push(...(answer.items ?? []));
      cursor = answer.nextCursor;
      if (!cursor) break;
    }
    return found.slice(0, recent);
  });

  protected override refresh() { void this.entries.again(); }

  override render() {
    return this.fold(t('connection.history'), html`${this.entries.render((entries) => (entries.length ? html`<ul class="rows">${entries.map((e) => html`<li>
        <div class="between"><code>${e.action}</code><span class="small soft" title=${moment(e.at)}>${ago(e.at)}</span></div>
        <p class="small soft">${e.actor}${e.outcome === 'denied' ? html` · <strong>${t('connection.denied')}</strong>` : nothing}${e.reason ? ` · ${e.reason}` : ''}</p>
      </li>`)}</ul>` : html`<p class="soft">${t('state.none')}</p>`))}
      <p><a href="/console/audit?resource=${this.shown.connection.id}">${t('connection.wholeHistory')}</a></p>`);
  }
}
