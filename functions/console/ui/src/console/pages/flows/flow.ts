import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ask, type Schemas, tag } from '../../../api/client.js';
import '../../../parts/dialog.js';
import { Load } from '../../../parts/load.js';
import { moment, translator, word } from '../../../words/words.js';
import { Page } from '../../page.js';
import { accepted, recent } from './about.js';
import { setState } from './card.js';
import { type Directory, type Flow, readDirectory, readFlow } from './directory.js';
import type en from './en.js';
import { readiness, stateChip } from './reasons.js';
import { drawSides } from './sides.js';
import { flowStyles } from './styles.js';

const t = translator<typeof en>();

interface Shown {
  flow: Flow;
  directory: Directory;
}

/** PageFlow shows one flow: its connections, what each binding accepts, and what was done to it. */
@customElement('tenon-page-flow')
export class PageFlow extends Page {
  static override styles = flowStyles;

  @state() private asking?: 'rename' | 'delete';

  private readonly shown = new Load<Shown>(this, async () => {
    const [flow, directory] = await Promise.all([readFlow(this.context, this.flowId), readDirectory(this.context)]);
    return { flow, directory };
  });

  private readonly entries = new Load<Schemas['AuditEntry'][]>(this, async () => {
    if (!this.context.may('audit:read')) return [];
    return (await ask(this.context.api.GET('/v1/audit', { params: { query: { resource: this.flowId, limit: 10 } } }))).items ?? [];
  });

  private get flowId(): string { return decodeURIComponent(this.params['id'] ?? ''); }

  private show(flow: Flow) {
    this.trouble = undefined;
    this.asking = undefined;
    if (this.shown.value) this.shown.set({ ...this.shown.value, flow });
    void this.entries.again();
  }

  private reload() {
    this.trouble = undefined;
    this.asking = undefined;
    void this.shown.again();
  }

  private async toggle(flow: Flow) {
    const changed = await this.act(() => setState(this, flow));
    if (changed) this.show(changed);
  }

  private async rename(e: SubmitEvent, flow: Flow) {
    e.preventDefault();
    const name = String(new FormData(e.target as HTMLFormElement).get('name')).trim();
    const changed = await this.act(() => ask(this.context.api.PATCH('/v1/flows/{flowId}', {
      params: { path: { flowId: flow.flowId }, header: { 'If-Match': tag(flow) } }, body: { name },
    })));
    if (!changed) return;
    this.context.say(t('state.saved'));
    this.show(changed);
  }

  private async drop(flow: Flow) {
    const done = await this.act(async () => {
      await ask(this.context.api.DELETE('/v1/flows/{flowId}', { params: { path: { flowId: flow.flowId }, header: { 'If-Match': tag(flow) } } }));
      return true;
    });
    if (!done) return;
    this.context.say(t('flows.deleted', { flow: flow.name }));
    this.context.go('/console/flows');
  }

  override render() {
    return html`<div class="page">
      <p><a href="/console/flows">${t('flows.all')}</a></p>
      ${this.shown.value ? nothing : html`<h1>${t('nav.flows')}</h1>`}
      ${this.shown.render((shown) => this.page(shown))}
    </div>`;
  }

  private page({ flow, directory }: Shown) {
    return html`<div class="head">
        <div class="bar"><h1>${flow.name}</h1>${stateChip(flow)}</div>
        ${this.context.may('flows:write') ? this.buttons(flow) : nothing}
      </div>
      ${this.trouble && !this.asking ? this.problem() : nothing}
      ${readiness(flow)}
      <div class="card">${drawSides({ context: this.context, flow, directory, changed: (f) => this.show(f), reload: () => this.reload() })}</div>
      <dl class="facts card">
        <dt>${t('flows.id')}</dt><dd class="mono">${flow.flowId}</dd>
        <dt>${t('flows.kind')}</dt><dd>${word('flows.kind', flow.kind)}</dd>
        <dt>${t('flows.createdAt')}</dt><dd>${moment(flow.createdAt)}, ${flow.createdBy}</dd>
        <dt>${t('flows.updatedAt')}</dt><dd>${moment(flow.updatedAt)}</dd>
      </dl>
      ${accepted(flow, directory)}
      ${this.context.may('audit:read') ? this.entries.render((entries) => recent(flow, entries, directory)) : nothing}
      ${this.asking === 'rename' ? this.renaming(flow) : nothing}
      ${this.asking === 'delete' ? this.deleting(flow) : nothing}`;
  }

  private problem() {
    return html`<tenon-problem .problem=${this.trouble} @reload=${() => this.reload()}></tenon-problem>`;
  }

  private buttons(flow: Flow) {
    const ask = (what: 'rename' | 'delete') => { this.trouble = undefined; this.asking = what; };
    return html`<div class="bar">
      <button type="button" class=${flow.state === 'active' ? '' : 'main'} ?disabled=${this.working} @click=${() => this.toggle(flow)}>${t(flow.state === 'active' ? 'flows.pause' : 'flows.activate')}</button>
      <button type="button" @click=${() => ask('rename')}>${t('flows.rename')}</button>
      <button type="button" class="danger" @click=${() => ask('delete')}>${t('action.delete')}</button>
    </div>`;
  }

  private renaming(flow: Flow) {
    return html`<tenon-dialog heading=${t('flows.rename')} @close=${() => (this.asking = undefined)}>
      <form @submit=${(e: SubmitEvent) => this.rename(e, flow)}>
        <div class="field"><label for="name">${t('flows.name')}</label><input id="name" name="name" required maxlength="120" .value=${flow.name} autocomplete="off" /></div>
        ${this.trouble ? this.problem() : nothing}
        <div class="bar"><button class="main" ?disabled=${this.working}>${t('action.save')}</button>
          <button type="button" @click=${() => (this.asking = undefined)}>${t('action.cancel')}</button></div>
      </form>
    </tenon-dialog>`;
  }

  private deleting(flow: Flow) {
    return html`<tenon-dialog heading=${t('flows.delete', { flow: flow.name })} @close=${() => (this.asking = undefined)}>
      <div class="stack"><p>${t(flow.state === 'active' ? 'flows.deleteActive' : 'flows.deletePaused')}</p>
        ${this.trouble ? this.problem() : nothing}
        <div class="bar"><button class="danger" type="button" ?disabled=${this.working} @click=${() => this.drop(flow)}>${t('action.delete')}</button>
          <button type="button" @click=${() => (this.asking = undefined)}>${t('action.cancel')}</button></div></div>
    </tenon-dialog>`;
  }
}
