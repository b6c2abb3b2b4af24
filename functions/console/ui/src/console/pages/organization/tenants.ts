import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { all, ask, once, type Schemas } from '../../../api/client.js';
import { focusWrong, textField } from '../../../parts/field.js';
import { Load } from '../../../parts/load.js';
import { day, translator, word } from '../../../words/words.js';
import { OrganizationPage } from './section.js';
import type en from './en.js';

const t = translator<typeof en>();

type Tenant = Schemas['Tenant'];

/** PageTenants lists the customers of the organization and takes in new ones. */
@customElement('tenon-page-tenants')
export class PageTenants extends OrganizationPage {
  protected override readonly tab = 'tenants';
  @state() private adding?: { id: string; name: string };
  private key = once();

  private readonly list = new Load<Tenant[]>(this, () => all((cursor) => ask(this.context.api.GET('/v1/tenants', { params: { query: { limit: 100, cursor } } }))));

  protected override draw() {
    return html`
      <div class="head">
        <div><h1>${t('organization.tenants')}</h1><p class="soft">${t('tenants.lead')}</p></div>
        ${this.adding ? nothing : html`<button class="main" type="button" @click=${() => this.begin()}>${t('tenants.new')}</button>`}
      </div>
      ${this.adding ? this.form(this.adding) : nothing}
      ${this.list.render((tenants) => this.table(tenants))}`;
  }

  private table(tenants: Tenant[]) {
    if (!tenants.length) return html`<div class="empty"><h2>${t('tenants.empty')}</h2><p class="soft">${t('tenants.emptyLead')}</p></div>`;
    return html`<div class="card scroll" tabindex="0" role="region" aria-label=${t('organization.tenants')}><table>
      <thead><tr><th scope="col">${t('tenants.name')}</th><th scope="col">${t('tenants.state')}</th><th scope="col">${t('tenants.since')}</th><th scope="col"><span class="quiet">${t('tenants.actFor')}</span></th></tr></thead>
      <tbody>${tenants.map((o) => html`<tr>
        <th scope="row"><a href="/console/organization/tenants/${o.id}">${o.name}</a><br><code>${o.id}</code></th>
        <td>${word('tenants.state', o.state)}</td>
        <td>${day(o.createdAt)}</td>
        <td class="act">${o.state === 'ready' && o.id !== 'org' ? html`<a href="/console/connectors?tenant=${o.id}" aria-label="${t('tenants.actFor')} ${o.name}">${t('tenants.actFor')}</a>` : nothing}</td>
      </tr>`)}</tbody></table></div>`;
  }

  private form(f: { id: string; name: string }) {
    const set = (part: Partial<typeof f>) => { this.adding = { ...f, ...part }; this.key = once(); };
    return html`<form class="card" novalidate @submit=${this.create}>
      <h2>${t('tenants.new')}</h2>
      ${textField({ id: 'name', label: t('tenants.name'), value: f.name, wrong: this.trouble?.field('/name'), input: (name) => set({ name }) })}
      ${textField({ id: 'id', label: t('tenants.id'), help: t('tenants.idHelp'), value: f.id, wrong: this.trouble?.field('/id'), input: (id) => set({ id }) })}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working}>${this.working ? t('state.working') : t('tenants.create')}</button>
        <button type="button" @click=${() => (this.adding = undefined)}>${t('action.cancel')}</button>
      </div>
    </form>`;
  }

  private async begin() {
    [this.adding, this.key, this.trouble] = [{ id: '', name: '' }, once(), undefined];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#name')?.focus();
  }

  private readonly create = async (e: Event) => {
    e.preventDefault();
    const made = await this.act(() => ask(this.context.api.POST('/v1/tenants', { params: { header: { 'Idempotency-Key': this.key } }, body: this.adding! })));
    if (!made) return focusWrong(this);
    this.context.say(t('tenants.created', { name: made.name }));
    this.context.go(`/console/organization/tenants/${made.id}`);
  };
}
