import { css, html, nothing, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import { all, ask, type Schemas } from '../../../api/client.js';
import { Load } from '../../../parts/load.js';
import { ago, day, translator, word } from '../../../words/words.js';
import type en from './en.js';
import { Section } from './section.js';

const t = translator<typeof en>();

/** Point is one date in the life of the credential. */
interface Point {
  kind: 'set' | 'today' | 'expires' | 'lapses' | 'reminder' | 'rotation' | 'sunset';
  at: Date;
  note?: string;
}

const [width, height, middle, edge] = [480, 96, 48, 48];

/** ConnectionTimeline draws when the credential was set, when it ends, and when somebody is reminded of it. */
@customElement('tenon-connection-timeline')
export class ConnectionTimeline extends Section {
  static override styles = [...Section.styles, css`
    svg { width: 100%; height: auto; max-width: 36rem; display: block; }
    line { stroke: var(--edge); stroke-width: 2; }
    line.past { stroke: var(--accent); stroke-width: 4; }
    circle { fill: var(--card); stroke: var(--edge); stroke-width: 3; }
    circle.today, circle.set { fill: var(--accent); stroke: var(--accent); }
    circle.lapses, circle.rotation, circle.sunset { stroke: var(--amber); }
    circle.ended { fill: var(--red); stroke: var(--red); }
    text { fill: var(--soft); font-size: 14px; text-anchor: middle; }
    text.today { fill: var(--ink); font-weight: 650; }
  `];

  private readonly ends = new Load<Schemas['Expiration'][]>(this, async () => {
    const found = await all((cursor) => ask(this.context.api.GET('/v1/expirations', { params: { query: { withinDays: 3650, limit: 100, cursor } } })));
    return found.filter((e) => e.resourceId === this.shown.connection.id);
  });

  protected override refresh() { void this.ends.again(); }

  override render() {
    return this.fold(t('connection.timeline'), html`${this.ends.render((ends) => {
      const points = this.points(ends);
      if (points.length < 2) return html`<p class="soft">${t('connection.credentialNone')}</p>`;
      return html`${draw(points)}<ul class="rows small">${points.filter((p) => p.kind !== 'today').map((p) => html`<li><div class="between">
          <span>${t(`connection.point.${p.kind}`)}</span><span>${day(p.at)} <span class="soft">(${ago(p.at)})</span></span></div>
          ${p.note ? html`<p class="soft">${p.note}</p>` : nothing}</li>`)}</ul>
        ${points.some((p) => p.kind === 'lapses' || p.kind === 'rotation') ? nothing : html`<p class="small soft">${t('connection.endless')}</p>`}`;
    })}`);
  }

  private points(ends: Schemas['Expiration'][]): Point[] {
    const c = this.shown.connection.credential;
    if (!c) return [];
    const points: Point[] = [{ kind: 'set', at: new Date(c.setAt) }, { kind: 'today', at: new Date() }];
    const add = (kind: Point['kind'], at: string | undefined, note?: string) => { if (at) points.push({ kind, at: new Date(at), note }); };
    if (c.expiresAt !== c.lapsesAt) add('expires', c.expiresAt, c.refreshable ? t('connection.renewsItself') : undefined);
    add('lapses', c.lapsesAt, ends.find((e) => e.renewal === 'automatic' && e.kind === 'refresh_token') ? t('connection.movesOn') : undefined);
    for (const e of ends) {
      if (e.kind === 'rotation' || e.kind === 'sunset') add(e.kind, e.date);
      else if (!c.lapsesAt) add('lapses', e.date, word('connection.expiration', e.kind));
      add('reminder', e.nextReminderAt);
    }
    return points.sort((a, b) => a.at.getTime() - b.at.getTime());
  }
}

/** draw puts the dates in their order, evenly: years and minutes are on one line. The list beside it says the same in words. */
function draw(points: Point[]) {
  const step = (width - 2 * edge) / (points.length - 1);
  const x = (i: number) => edge + i * step;
  const today = points.findIndex((p) => p.kind === 'today');
  return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <line x1=${edge} y1=${middle} x2=${width - edge} y2=${middle} /><line class="past" x1=${edge} y1=${middle} x2=${x(today)} y2=${middle} />
    ${points.map((p, i) => svg`<circle class="${p.kind} ${p.kind !== 'set' && i < today ? 'ended' : ''}" cx=${x(i)} cy=${middle} r="7" />
      <text class=${p.kind} x=${x(i)} y=${i % 2 ? middle + 32 : middle - 20}>${t(`connection.short.${p.kind}`)}</text>`)}
  </svg>`;
}
