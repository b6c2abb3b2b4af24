import { css } from 'lit';
import { controls } from '../look/controls.js';

/** shell is the frame: a column of navigation beside the page, above it on narrow screens. */
export const shell = [
  ...controls,
  css`
    :host { min-height: 100dvh; background: var(--ground); display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
    .skip { position: fixed; inset: 0.5rem auto auto 0.5rem; z-index: 3; padding: 0.6rem 1rem; background: var(--accent); color: var(--accent-ink); transform: translateY(-200%); }
    .skip:focus { transform: none; }
    header { position: sticky; top: 0; height: 100dvh; overflow-y: auto; display: flex; flex-direction: column; background: var(--card); border-inline-end: 1px solid var(--line); }
    .brand { display: flex; align-items: center; gap: 0.6rem; padding: 1.1rem 1.25rem; color: inherit; text-decoration: none; font-weight: 700; font-size: 1.1rem; }
    .logo { width: 1.9rem; height: 1.9rem; flex: none; }
    .menu { display: none; }
    #side { display: flex; flex-direction: column; flex: 1; }
    nav ul { display: grid; gap: 0.15rem; padding: 0.25rem 0.75rem; }
    nav a { display: block; padding: 0.5rem 0.75rem; border-radius: 8px; color: inherit; text-decoration: none; font-weight: 500; }
    nav a:hover { background: var(--raised); }
    nav a[aria-current] { background: var(--accent-wash); color: var(--accent); font-weight: 650; }
    .who { margin-top: auto; padding: 1rem 1.25rem 1.25rem; display: grid; gap: 0.8rem; }
    main { padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; width: 100%; max-width: 78rem; }
    main:focus-visible { outline: none; }
    main > .note { margin-bottom: 1.25rem; }
    .said { position: fixed; inset: auto 1rem 1rem auto; z-index: 2; max-width: min(24rem, calc(100vw - 2rem)); }
    .said p { padding: 0.75rem 1.1rem; border-radius: var(--radius); background: var(--ink); color: var(--card); box-shadow: 0 6px 24px rgb(0 0 0 / 0.3); }
    .door { grid-column: 1 / -1; display: grid; place-items: center; min-height: 100dvh; max-width: none; padding: 1rem; }
    .door .card { display: grid; gap: 1rem; justify-items: center; text-align: center; width: min(24rem, 100%); padding: 2.5rem 2rem; }
    .door label { width: 100%; text-align: start; margin-top: 1rem; }
    @media (forced-colors: active) {
      nav a[aria-current] { outline: 2px solid Highlight; outline-offset: -2px; }
      .said p { border: 2px solid CanvasText; }
    }
    @media (max-width: 52rem) {
      :host { display: block; }
      header { position: static; height: auto; display: grid; grid-template-columns: 1fr auto; align-items: center; border: 0; border-bottom: 1px solid var(--line); }
      .brand { padding: 0.75rem 1rem; }
      .menu { display: inline-flex; margin-inline-end: 1rem; }
      #side { display: none; grid-column: 1 / -1; padding-bottom: 0.5rem; }
      #side.open { display: block; }
      main { padding-top: 1.25rem; }
    }
  `,
];
