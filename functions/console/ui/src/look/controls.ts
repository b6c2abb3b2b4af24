import { css } from 'lit';
import { base } from './base.js';

export { base };

/** controls are buttons, fields, cards, tables and what holds them. */
export const controls = [
  ...base,
  css`
    button, .button {
      display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
      min-height: 2.5rem; padding: 0.4rem 0.95rem; border: 1px solid var(--edge); border-radius: calc(var(--radius) - 2px);
      background: var(--card); color: var(--ink); font: 550 0.95rem/1.2 var(--font); text-decoration: none; cursor: pointer;
    }
    button:hover, .button:hover { background: var(--raised); }
    button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
    button.main:hover, .button.main:hover { filter: brightness(1.08); }
    button.danger { color: var(--red); border-color: var(--red); }
    button.danger:hover { background: var(--red-wash); }
    button.plain { border-color: transparent; background: none; color: var(--accent); padding-inline: 0.5rem; }
    button.plain:hover { background: var(--raised); }
    button[disabled], button[aria-disabled='true'] { opacity: 0.55; cursor: not-allowed; filter: none; }

    label { display: block; font-weight: 550; font-size: 0.95rem; }
    input:not([type='checkbox'], [type='radio']), select, textarea {
      width: 100%; min-height: 2.5rem; padding: 0.45rem 0.7rem; border: 1px solid var(--edge); border-radius: calc(var(--radius) - 2px);
      background: var(--card); color: inherit; font: 400 1rem/1.5 var(--font);
    }
    select { min-width: 0; max-width: 100%; text-overflow: ellipsis; }
    textarea { min-height: 6rem; resize: vertical; }
    input[type='checkbox'], input[type='radio'] { width: 1.15rem; height: 1.15rem; accent-color: var(--accent); flex: none; }
    input[aria-invalid='true'], select[aria-invalid='true'], textarea[aria-invalid='true'] { border-color: var(--red); border-width: 2px; }
    ::placeholder { color: var(--soft); opacity: 1; }
    .field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.3rem; }
    .field .help { color: var(--soft); font-size: 0.875rem; }
    .field .wrong { color: var(--red); font-size: 0.9rem; font-weight: 550; }
    .check { display: flex; gap: 0.6rem; align-items: flex-start; font-weight: 450; }
    .check + .help { margin-inline-start: 1.75rem; }
    form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; max-width: 42rem; }
    form[role='search'] { max-width: none; }

    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-content: start; }
    .page, .stack, .field, form { grid-template-columns: minmax(0, 1fr); }
    .head { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: center; justify-content: space-between; }
    .head > div:first-child { min-width: 0; }
    .bar { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
    .bar > select, .bar > input { width: auto; min-width: 0; max-width: 100%; flex: 0 1 12rem; }
    .filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); gap: 0.75rem; align-items: end; }
    .stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
    .card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.15rem; }
    .cards { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
    .split { display: flex; gap: 0.75rem; justify-content: space-between; align-items: center; }
    .mark { width: 2.5rem; height: 2.5rem; flex: none; border-radius: 8px; object-fit: contain; }

    .facts { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0.55rem 1.25rem; }
    .facts dt { color: var(--soft); }
    .facts dd { overflow-wrap: anywhere; min-width: 0; }
    .scroll { overflow-x: auto; position: relative; }
    table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
    th { text-align: start; font-weight: 600; color: var(--soft); font-size: 0.875rem; }
    th, td { padding: 0.6rem 0.75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
    tbody tr:last-child > * { border-bottom: 0; }

    .chip { display: inline-block; padding: 0.1rem 0.55rem; border-radius: 99px; background: var(--raised); color: var(--ink); font-size: 0.85rem; }
    .chips { display: flex; flex-wrap: wrap; gap: 0.4rem; }
    .note { padding: 0.75rem 1rem; border-radius: var(--radius); background: var(--blue-wash); border-inline-start: 4px solid var(--blue); }
    .note.warn { background: var(--amber-wash); border-color: var(--amber); }
    .note.bad { background: var(--red-wash); border-color: var(--red); }
    .note.good { background: var(--green-wash); border-color: var(--green); }
    .empty { display: grid; justify-items: center; gap: 0.75rem; padding: 3rem 1.5rem; text-align: center; border: 1px dashed var(--edge); border-radius: var(--radius); }
    .wait { height: 7rem; border-radius: var(--radius); background: linear-gradient(100deg, var(--raised) 40%, var(--card) 50%, var(--raised) 60%) 0 0 / 200% 100%; animation: wait 1.4s linear infinite; }
    @keyframes wait { to { background-position: -200% 0; } }
    @media (forced-colors: active) {
      button[aria-pressed='true'], button[aria-expanded='true'] { border: 3px solid Highlight; }
      .note, .chip { border: 1px solid CanvasText; }
      .note { border-inline-start-width: 4px; }
      .wait { border: 1px solid GrayText; }
    }
    @media (max-width: 36rem) { .facts { grid-template-columns: 1fr; gap: 0.1rem; } .facts dd { margin-bottom: 0.6rem; } }
  `,
];
