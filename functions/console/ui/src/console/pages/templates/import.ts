import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas } from '../../../api/client.js';
import '../../../parts/copy.js';
import '../../../parts/problem.js';
import { field } from '../../../parts/field.js';
import { translator, word } from '../../../words/words.js';
import { OrganizationPage } from '../organization/section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Document = Schemas['TemplateImport'];
type Result = Schemas['TemplateImportResult'];

/** PageTemplateImport brings the templates in line with a file, after showing what that would change. */
@customElement('tenon-page-template-import')
export class PageTemplateImport extends OrganizationPage {
  protected override readonly tab = 'templates';
  @state() private document?: Document;
  @state() private result?: Result;
  @state() private unreadable = false;

  protected override draw() {
    return html`
      <div><h1>${t('templates.importTitle')}</h1><p class="soft">${t('templates.importLead')}</p></div>
      <section class="card">${field({ id: 'file', label: t('templates.file'), help: t('templates.fileHelp'), wrong: this.unreadable ? t('templates.fileWrong') : undefined }, (d) => html`
        <input id="file" type="file" accept=".json,application/json" aria-describedby=${d.by} aria-invalid=${d.invalid} @change=${this.read} />`)}</section>
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.result ? this.outcome(this.result) : nothing}`;
  }

  private outcome(r: Result) {
    const refused = (r.changes ?? []).some((c) => c.action === 'refused');
    return html`<section class="card stack" role="status">
      <h2>${r.applied ? t('templates.imported') : t('templates.would')}</h2>
      <ul class="stack">${(r.changes ?? []).map((c) => html`<li>
        <span class="chip">${word('templates.import', c.action)}</span> <code>${c.stableKey ?? c.connector}</code>
        ${c.problem ? html`<p class="wrong">${c.problem.detail} ${(c.problem.errors ?? []).map((e) => `${e.pointer} ${e.detail}`).join(' ')}</p>` : nothing}
        ${c.fields?.length ? html`<ul class="small">${c.fields.map((f) => html`<li><code>${f.pointer}</code> ${f.from ?? ''} → ${f.to ?? ''}</li>`)}</ul>` : nothing}
      </li>`)}</ul>
    </section>
    ${r.todo?.length ? html`<section class="note warn stack"><h2>${t('templates.todo')}</h2><ul class="stack">${r.todo.map((o) => html`<li>
      ${o.templateId ? html`<a href="/console/organization/templates/${o.templateId}">${o.stableKey}</a>` : html`<code>${o.stableKey}</code>`}: ${(o.missing ?? []).map((m) => word('templates', m)).join(', ')}
      ${o.redirectUri ? html`<br>${t('templates.redirectUri')} <code>${o.redirectUri}</code> <tenon-copy .text=${o.redirectUri} what=${t('templates.redirectUri')}></tenon-copy>` : nothing}</li>`)}</ul></section>` : nothing}
    ${r.applied ? html`<div><a class="button main" href="/console/organization/templates">${t('organization.templates')}</a></div>` : html`<div><button class="main" type="button" ?disabled=${this.working || refused} @click=${() => this.run(false)}>${this.working ? t('state.working') : t('templates.apply')}</button></div>`}`;
  }

  private readonly read = async (e: Event) => {
    const file = (e.target as HTMLInputElement).files?.[0];
    this.document = this.result = this.trouble = undefined;
    this.unreadable = false;
    if (!file) return;
    try {
      this.document = JSON.parse(await file.text()) as Document;
    } catch {
      this.unreadable = true;
      return;
    }
    await this.run(true);
  };

  private async run(dryRun: boolean) {
    const result = await this.act(() => ask(this.context.api.POST('/v1/templates/import', { params: { query: { dryRun } }, body: this.document! })));
    if (!result) return;
    this.result = result;
    if (result.applied) this.context.say(t('templates.imported'));
  }
}
