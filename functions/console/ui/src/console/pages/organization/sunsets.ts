import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { ago, day, plural, translator } from '../../../words/words.js';
import { OrganizationPage } from './section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Hit = Schemas['SunsetHit'];

/** PageSunsets shows the dated changes of the systems, with the connections each hits. */
@customElement('tenon-page-sunsets')
export class PageSunsets extends OrganizationPage {
  protected override readonly tab = 'sunsets';

  private readonly list = new Load<Hit[]>(this, () => this.read());

  /** read goes through the pages; a later one repeats a change that hits further tenants. */
  private async read(): Promise<Hit[]> {
    const hits = new Map<string, Hit>();
    let cursor: string | undefined;
    do {
      const page = await ask(this.context.api.GET('/v1/sunsets', { params: { query: { limit: 100, cursor } } }));
      for (const hit of page.items ?? []) {
        const key = JSON.stringify([hit.connector, hit.sunset.date, hit.sunset.what]);
        const known = hits.get(key);
        hits.set(key, known ? { ...known, connections: [...(known.connections ?? []), ...(hit.connections ?? [])] } : hit);
      }
      cursor = page.nextCursor;
    } while (cursor);
    return [...hits.values()].sort((a, b) => a.sunset.date.localeCompare(b.sunset.date));
  }

  protected override draw() {
    return html`
      <div><h1>${t('organization.sunsets')}</h1><p class="soft">${t('sunsets.lead')}</p></div>
      ${this.list.render((hits) => (hits.length ? html`<ul class="stack">${hits.map((h) => this.card(h))}</ul>` : html`<div class="empty"><h2>${t('sunsets.empty')}</h2></div>`))}`;
  }

  private card({ connectorName, sunset, connections }: Hit) {
    const hit = connections ?? [];
    return html`<li class="card stack">
      <div class="split"><h2>${connectorName}</h2><span class="chip">${day(sunset.date)}, ${ago(sunset.date)}</span></div>
      <p>${sunset.what}</p>
      ${sunset.action ? html`<p><strong>${t('sunsets.action')}</strong> ${sunset.action}</p>` : nothing}
      ${sunset.source ? html`<p class="small"><a href=${sunset.source} target="_blank" rel="noreferrer">${t('sunsets.source')}</a></p>` : nothing}
      ${hit.length ? html`<details><summary>${plural('sunsets.hits', hit.length)}</summary><ul>${hit.map((c) => html`<li>
        <a href="/console/connections/${c.id}?tenant=${c.tenant === 'org' ? '' : c.tenant}">${c.name}</a> <span class="soft small">${c.tenant}, ${c.authScheme}</span></li>`)}</ul></details>` : html`<p class="soft small">${t('sunsets.none')}</p>`}
    </li>`;
  }
}
