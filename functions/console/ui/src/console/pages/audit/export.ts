import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ask } from '../../../api/client.js';
import { problemOf } from '../../../api/problem.js';
import '../../../parts/problem.js';
import { number, plural, translator } from '../../../words/words.js';
import { Page } from '../../page.js';
import type en from './en.js';
import { type Filter, query } from './filter.js';

const t = translator<typeof en>();

type Format = 'ndjson' | 'csv';

/** Running is an export on its way: what was fetched, and where it goes on. */
interface Running {
  format: Format;
  parts: string[];
  size: number;
  name: string;
  cursor?: string;
  abort: AbortController;
}

/** AuditExport fetches what a filter selects part by part, and saves it as one file. */
@customElement('tenon-audit-export')
export class AuditExport extends Page {
  @property({ attribute: false }) filter!: Filter;
  @state() private running?: Running;

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.running?.abort.abort();
  }

  private begin(format: Format) {
    void this.go({ format, parts: [], size: 0, name: `audit.${format}`, abort: new AbortController() });
  }

  /** go fetches the parts that are missing. What is there stays, so that it can go on after an interruption. */
  private async go(run: Running) {
    this.trouble = undefined;
    this.running = run;
    try {
      do {
        await this.fetch(run);
        if (this.running !== run) return;
        this.requestUpdate();
      } while (run.cursor);
    } catch (thrown) {
      if (this.running === run && !run.abort.signal.aborted) this.trouble = problemOf(thrown);
      return;
    }
    this.running = undefined;
    save(run);
    this.context.say(t('audit.exported', { name: run.name }));
  }

  private async fetch(run: Running) {
    const call = this.context.api.GET('/v1/audit/export', {
      params: { query: { ...query(this.filter), format: run.format, cursor: run.cursor } }, parseAs: 'text', signal: run.abort.signal,
    });
    const text = await ask(call);
    const { headers } = (await call).response;
    run.parts.push(text);
    run.size += text.length;
    run.name = /filename="?([\w.-]+)"?/.exec(headers.get('content-disposition') ?? '')?.[1] ?? run.name;
    run.cursor = headers.get('tenon-next-cursor') ?? undefined;
  }

  private cancel() {
    this.running?.abort.abort();
    this.running = undefined;
    this.trouble = undefined;
    this.context.say(t('audit.cancelled'));
  }

  override render() {
    const run = this.running;
    return html`<section class="card stack" aria-labelledby="export">
      <h2 id="export">${t('audit.export')}</h2>
      <p class="soft small">${t('audit.exportLead')}</p>
      <div class="bar">
        <button type="button" ?disabled=${!!run} @click=${() => this.begin('ndjson')}>${t('audit.ndjson')}</button>
        <button type="button" ?disabled=${!!run} @click=${() => this.begin('csv')}>${t('audit.csv')}</button>
      </div>
      ${run ? html`<div class="bar"><p role="status">${plural('audit.parts', run.parts.length, { size: number(Math.ceil(run.size / 1024)) })}</p>
        <button type="button" @click=${() => this.cancel()}>${t('action.cancel')}</button></div>` : nothing}
      ${run && this.trouble ? html`<tenon-problem .problem=${this.trouble} retry @retry=${() => this.go(run)}></tenon-problem>` : nothing}
    </section>`;
  }
}

/** save hands the file to the browser. Its address is taken back when it has been read for long. */
function save({ parts, name, format }: Running) {
  const url = URL.createObjectURL(new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
