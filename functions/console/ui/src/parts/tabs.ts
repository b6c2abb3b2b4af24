import { css, html, nothing, type TemplateResult } from 'lit';

/** Tab is one page of a section that has several. */
export interface Tab {
  path: string;
  name: string;
}

/** tabsStyle goes into the styles of a page that draws tabs. */
export const tabsStyle = css`
  .tabs { display: flex; flex-wrap: wrap; gap: 0.25rem; border-bottom: 1px solid var(--line); }
  .tabs a { padding: 0.55rem 0.8rem; margin-bottom: -1px; border-bottom: 3px solid transparent; color: var(--soft); font-weight: 550; text-decoration: none; }
  .tabs a:hover { color: var(--ink); }
  .tabs a[aria-current] { color: var(--accent); border-color: var(--accent); }
  @media (forced-colors: active) { .tabs a:not([aria-current]) { border-color: Canvas; } .tabs a[aria-current] { border-color: Highlight; } }
`;

/** tabs draws the navigation between the pages of a section. */
export function tabs(label: string, current: string, all: Tab[]): TemplateResult {
  return html`<nav aria-label=${label}><div class="tabs">${all.map(({ path, name }) => html`<a href=${path} aria-current=${path === current ? 'page' : nothing}>${name}</a>`)}</div></nav>`;
}
