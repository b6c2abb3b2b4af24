import { html, nothing } from 'lit';
import type { Context } from '../../context.js';
import { type Directory, type Flow, sides } from './directory.js';
import './slot.js';

/** Shown is a flow, and what follows when one of its sides was switched. */
export interface Shown {
  context: Context;
  flow: Flow;
  directory: Directory;
  changed(flow: Flow): void;
  reload(): void;
}

/** drawSides puts the two sides of a sync beside each other, and steps in a row. */
export function drawSides({ context, flow, directory, changed, reload }: Shown) {
  const slots = sides(flow).map((binding) => html`<tenon-flow-slot .context=${context} .flow=${flow} .binding=${binding} .directory=${directory}
    @changed=${(e: CustomEvent<Flow>) => changed(e.detail)} @reload=${reload}></tenon-flow-slot>`);
  if (flow.kind !== 'sync') return html`<div class="steps">${slots}</div>`;
  return html`<div class="sync">${slots[0] ?? nothing}<span class="arrow" aria-hidden="true">⇄</span>${slots[1] ?? nothing}</div>`;
}
