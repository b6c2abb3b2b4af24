import { css } from 'lit';
import { controls } from '../../../look/controls.js';

/** slotStyles are those of one side or step. */
export const slotStyles = [...controls, css`
  :host { min-width: 0; }
  .slot { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.6rem; align-content: start; height: 100%; padding: 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--ground); }
  .label { font-weight: 600; }
  .who { font-weight: 600; }
  .who > span { min-width: 0; overflow-wrap: anywhere; }
  .who .mark { width: 2rem; height: 2rem; }
  .foot { min-height: 2.5rem; overflow-wrap: anywhere; }
  .shown { overflow-wrap: anywhere; }
  .dropdown { position: relative; }
  #switch { width: 100%; justify-content: space-between; text-align: start; overflow-wrap: anywhere; }
  #list {
    position: absolute; inset: calc(100% + 0.3rem) 0 auto 0; z-index: 1; min-width: min(20rem, 100%); padding: 0.4rem;
    display: grid; gap: 0.3rem; background: var(--card); border: 1px solid var(--edge); border-radius: var(--radius); box-shadow: 0 12px 36px rgb(0 0 0 / 0.25);
  }
  .choice { width: 100%; display: flex; justify-content: space-between; gap: 0.75rem; align-items: center; text-align: start; border-color: transparent; background: none; font-weight: 500; overflow-wrap: anywhere; }
  a.choice { padding: 0.5rem 0.95rem; border-top: 1px solid var(--line); background: var(--card); color: var(--accent); }
  .choice:hover { background: var(--raised); }
  .choice[aria-current] { background: var(--accent-wash); }
  @media (forced-colors: active) { .choice[aria-current] { border-color: Highlight; } }
  .refused { padding: 0.4rem 0.95rem; color: var(--soft); overflow-wrap: anywhere; }
  .none { padding: 0.3rem 0.95rem; }
`];

/** flowStyles are those of what holds the sides. */
export const flowStyles = [...controls, css`
  .sync { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); gap: 1rem; align-items: stretch; }
  .arrow { align-self: center; font-size: 1.5rem; color: var(--soft); }
  .places { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); align-items: start; }
  .steps { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
  .example { max-width: 100%; white-space: pre-wrap; text-align: start; padding: 1rem; border-radius: var(--radius); background: var(--raised); font: 0.85rem/1.5 var(--mono); }
  @media (max-width: 40rem) {
    .sync { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
    .arrow { justify-self: center; transform: rotate(90deg); }
  }
`];
