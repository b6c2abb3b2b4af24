import { html, nothing, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import '../../../parts/dialog.js';
import type { TenonDialog } from '../../../parts/dialog.js';
import '../../../parts/problem.js';
import { translator } from '../../../words/words.js';
import { type Connection, Section } from './section.js';

const t = translator();

/** Dialog is a part that asks, or warns, before something is changed. It fires "close" however it ended. */
export abstract class Dialog extends Section {
  @query('tenon-dialog') private readonly dialog!: TenonDialog;

  protected abstract heading(): string;
  protected abstract body(): TemplateResult;

  override render() {
    return html`<tenon-dialog heading=${this.heading()} @close=${() => this.dispatchEvent(new CustomEvent('close'))}><div class="stack">${this.body()}</div></tenon-dialog>`;
  }

  protected close(): void { this.dialog.close(); }

  /** finish shows the connection as it is now, and says so. */
  protected finish(connection: Connection, text: string): void {
    this.changed(connection);
    this.context.say(text);
    this.close();
  }

  /** trouble is what the change met with; what is stale is read again. */
  protected wrong(fields = false): TemplateResult | typeof nothing {
    return !this.trouble ? nothing : html`<tenon-problem .problem=${this.trouble} ?fields=${fields} @reload=${() => { this.trouble = undefined; this.changed(); }}></tenon-problem>`;
  }

  /** buttons end a dialog: the one that does it, and the one that does not. */
  protected buttons(text: string, run: () => unknown, look: 'main' | 'danger' = 'main', disabled = false): TemplateResult {
    return html`${this.wrong()}<div class="bar">
      <button class=${look} type="button" ?disabled=${this.working || disabled} @click=${run}>${this.working ? t('state.working') : text}</button>
      <button type="button" @click=${() => this.close()}>${t('action.cancel')}</button>
    </div>`;
  }
}

/** steps tells how something is done at the system, one step after the other. */
export function steps(heading: string, all: readonly { title: string; text: string; url?: string }[] | null | undefined) {
  if (!all?.length) return nothing;
  return html`<details><summary>${heading}</summary><ol class="rows">${all.map((s) => html`<li>
    <h3>${s.title}</h3><p class="small">${s.text}</p>${s.url ? html`<a href=${s.url} target="_blank" rel="noopener noreferrer">${s.url}</a>` : nothing}</li>`)}</ol></details>`;
}
