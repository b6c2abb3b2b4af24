import{a as t,c as r,g as e}from"./chunk-5Q62QOP6.js";var l=t`
  .tabs { display: flex; flex-wrap: wrap; gap: 0.25rem; border-bottom: 1px solid var(--line); }
  .tabs a { padding: 0.55rem 0.8rem; margin-bottom: -1px; border-bottom: 3px solid transparent; color: var(--soft); font-weight: 550; text-decoration: none; }
  .tabs a:hover { color: var(--ink); }
  .tabs a[aria-current] { color: var(--accent); border-color: var(--accent); }
  @media (forced-colors: active) { .tabs a:not([aria-current]) { border-color: Canvas; } .tabs a[aria-current] { border-color: Highlight; } }
`;function b(o,n,i){return r`<nav aria-label=${o}><div class="tabs">${i.map(({path:a,name:s})=>r`<a href=${a} aria-current=${a===n?"page":e}>${s}</a>`)}</div></nav>`}export{l as a,b};
