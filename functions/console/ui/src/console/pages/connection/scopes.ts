import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { translator } from '../../../words/words.js';
import type en from './en.js';
import { flowName } from './flows.js';
import { byHandoff, Section } from './section.js';

const t = translator<typeof en>();

type Scopes = Schemas['ConnectionScopes'];

/** grantable says that there is a scope to ask for that was not granted. */
function grantable(s: Scopes): boolean { return s.applies && Boolean(s.missing?.length || s.drift?.length || s.available?.some((a) => !s.granted?.includes(a.name))); }

/** ConnectionScopes sets what was granted, asked for and needed beside one another. */
@customElement('tenon-connection-scopes')
export class ConnectionScopes extends Section {
  private readonly scopes = new Load<Scopes>(this, () => ask(this.context.api.GET('/v1/connections/{connectionId}/scopes', { params: { path: { connectionId: this.shown.connection.id } } })));

  protected override refresh() { void this.scopes.again(); }

  override render() {
    return this.fold(t('connection.scopes'), html`${this.scopes.render((s) => {
      const names = [...new Set([...(s.granted ?? []), ...(s.requested ?? []), ...(s.missing ?? []), ...(s.required ?? []).map((r) => r.scope)])].sort();
      return html`
        ${s.missing?.length ? html`<p class="note warn">${t('connection.scopesMissing')}</p>` : nothing}
        ${names.length ? html`<ul class="rows">${names.map((name) => this.row(s, name))}</ul>` : html`<p class="soft">${t('connection.scopesNone')}</p>`}
        ${s.granted?.length && !s.grantedReported && s.applies ? html`<p class="small soft">${t('connection.scopesAssumed')}</p>` : nothing}
        ${s.drift?.length ? html`<p class="small soft">${t('connection.scopesDrift', { scopes: s.drift.join(', ') })}</p>` : nothing}
        ${this.writable && byHandoff(this.shown) && grantable(s) ? html`<div class="bar">
          <button type="button" class=${s.missing?.length ? 'main' : ''} @click=${() => this.open('scopes')}>${s.missing?.length ? t('connection.askMissing') : t('connection.askMore')}</button></div>` : nothing}`;
    })}`);
  }

  private row(s: Scopes, name: string) {
    const description = s.available?.find((a) => a.name === name)?.description;
    const flows = s.required?.find((r) => r.scope === name)?.flows ?? [];
    const granted = s.granted?.includes(name);
    return html`<li>
      <div class="between"><code>${name}</code>
        <span class="chips">
          ${granted ? html`<span class="chip">${t('connection.granted')}</span>` : nothing}
          ${s.missing?.includes(name) ? html`<strong class="chip">${t('connection.missing')}</strong>` : nothing}
          ${!granted && s.requested?.includes(name) ? html`<span class="chip">${t('connection.requested')}</span>` : nothing}
        </span></div>
      ${description ? html`<p class="small soft">${description}</p>` : nothing}
      ${s.connectorRequired?.includes(name) ? html`<p class="small soft">${t('connection.neededBySystem')}</p>` : nothing}
      ${flows.length ? html`<p class="small">${t('connection.neededBy')} ${flows.map((f, i) => html`${i ? ', ' : ''}${flowName(this.context, f)}`)}</p>` : nothing}
    </li>`;
  }
}
