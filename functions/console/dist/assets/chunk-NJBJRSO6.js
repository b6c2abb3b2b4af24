import{a as t,b as a,f as e}from"./chunk-LQP3WBDK.js";var p=t`
  .tabs { display: flex; flex-wrap: wrap; gap: 0.25rem; border-bottom: 1px solid var(--line); }
  .tabs a { padding: 0.55rem 0.8rem; margin-bottom: -1px; border-bottom: 3px solid transparent; color: var(--soft); font-weight: 550; text-decoration: none; }
  .tabs a:hover { color: var(--ink); }
  .tabs a[aria-current] { color: var(--accent); border-color: var(--accent); }
`;function b(o,n,s){return a`<nav aria-label=${o}><div class="tabs">${s.map(({path:r,name:i})=>a`<a href=${r} aria-current=${r===n?"page":e}>${i}</a>`)}</div></nav>`}export{p as a,b};
