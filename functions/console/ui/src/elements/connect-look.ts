import { css } from 'lit';

/** look is how the connect button looks. */
export const look = css`
  :host { display: inline-block; }
  .frame { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
  button, a {
    display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2.5rem; padding: 0.4rem 0.95rem; border: 1px solid var(--edge);
    border-radius: calc(var(--radius) - 2px); background: var(--card); color: var(--ink); font: 550 0.95rem/1.2 var(--font); text-decoration: none; cursor: pointer;
  }
  button.main, a { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
  button[aria-disabled='true'] { opacity: 0.6; cursor: progress; }
  .said:empty { display: none; }
  .said.connected { color: var(--green); font-weight: 600; }
  .said.failed { color: var(--red); font-weight: 550; }
`;
