import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import type en from './en.js';
import { flowList } from './flows.js';
import { Section } from './section.js';

const t = translator<typeof en>();

/** ConnectionDependents lists the flows that use the connection. */
@customElement('tenon-connection-dependents')
export class ConnectionDependents extends Section {
  private readonly uses = new Load<Schemas['FlowUse'][]>(this, () => all((cursor) => ask(this.context.api.GET('/v1/connections/{connectionId}/dependents', {
    params: { path: { connectionId: this.shown.connection.id }, query: { limit: 100, cursor } },
  }))));

  protected override refresh() { void this.uses.again(); }

  override render() {
    return this.fold(t('connection.usedBy'), html`${this.uses.render((uses) => (uses.length ? html`${flowList(this.context, uses)}
      ${this.context.may('flows:write') ? html`<div class="bar"><button type="button" @click=${() => this.open('move')}>${t('connection.move')}</button></div>` : nothing}`
      : html`<p class="soft">${t('connection.unused')}</p>`))}`);
  }
}
