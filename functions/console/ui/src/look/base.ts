import { css } from 'lit';
import { theme } from './theme.js';

/** base is what every element of ours begins with. */
export const base = [
  theme,
  css`
    :host {
      display: block;
      font: 400 1rem/1.5 var(--font);
      color: var(--ink);
    }
    :host([hidden]), [hidden] { display: none !important; }
    *, *::before, *::after { box-sizing: border-box; }
    h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
    ul, ol { list-style: none; }
    h1 { overflow-wrap: anywhere; font-size: 1.6rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
    h1:focus { outline: none; }
    h1, h2, h3, p, li, dd { overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; line-height: 1.3; font-weight: 650; }
    h3 { font-size: 1rem; font-weight: 600; }
    a { color: var(--accent); text-underline-offset: 0.2em; }
    code, .mono { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
    .soft { color: var(--soft); }
    .small { font-size: 0.875rem; }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
  `,
];
