import"./chunk-6IAD6ZMF.js";import"./chunk-5O67ASPB.js";import"./chunk-KXK4QTNM.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import{a as R}from"./chunk-RB7VNPHU.js";import{a as C}from"./chunk-FCTDVHXG.js";import{c as q}from"./chunk-TLWH2TIY.js";import"./chunk-VO4CMFWF.js";import{B as y,C as F,D as h,E as p,F as U,J as L,a as k,c as n,g as d,j,l as E,r as v}from"./chunk-5Q62QOP6.js";import{a as w}from"./chunk-IZSUZKVX.js";var g=class{constructor(o){this.host=o;o.addController(this)}#t=matchMedia("(max-width: 52rem)");#e=()=>this.host.requestUpdate();get matches(){return this.#t.matches}hostConnected(){this.#t.addEventListener("change",this.#e)}hostDisconnected(){this.#t.removeEventListener("change",this.#e)}};var x=["active","degraded","disabled","pending"],S=["production","test"];function M(e=location.search){let o=new URLSearchParams(e);return{connector:o.get("connector")||void 0,status:x.find(t=>t===o.get("status")),environment:S.find(t=>t===o.get("environment"))}}function T(e){let o=new URL(location.href);for(let t of["connector","status","environment"]){let r=e[t];r?o.searchParams.set(t,r):o.searchParams.delete(t)}history.pushState(null,"",o.pathname+o.search)}function A(e){return Object.values(e).some(Boolean)}var a=y();function G(e,o){return n`<div class="scroll card" tabindex="0" role="region" aria-label=${a("connections.title")}><table>
    <thead><tr>
      <th scope="col">${a("connections.name")}</th><th scope="col">${a("connections.connector")}</th><th scope="col">${a("connections.environment")}</th>
      <th scope="col">${a("connections.status")}</th><th scope="col">${a("connections.account")}</th><th scope="col">${a("connections.lastUsed")}</th>
      <th scope="col" class="number">${a("connections.flows")}</th>
    </tr></thead>
    <tbody>${e.map(t=>n`<tr>
      <th scope="row">${O(t)}</th><td>${z(t,o)}</td><td>${h("environment",t.environment)}</td>
      <td class="state">${K(t)}</td><td class="account">${B(t)}</td><td class="used">${D(t)}</td><td class="number">${p(t.bindings)}</td>
    </tr>`)}</tbody>
  </table></div>`}function H(e,o){return n`<ul class="cards">${e.map(t=>n`<li class="card stack">
    <div class="split"><h2>${O(t)}</h2><tenon-status status=${t.status}></tenon-status></div>
    ${t.message?n`<tenon-reason class="small soft" .connection=${t}></tenon-reason>`:d}
    <dl class="facts">
      <dt>${a("connections.connector")}</dt><dd>${z(t,o)}</dd>
      <dt>${a("connections.environment")}</dt><dd>${h("environment",t.environment)}</dd>
      <dt>${a("connections.account")}</dt><dd>${B(t)}</dd>
      <dt>${a("connections.lastUsed")}</dt><dd>${D(t)}</dd>
      <dt>${a("connections.flows")}</dt><dd>${p(t.bindings)}</dd>
    </dl>
  </li>`)}</ul>`}var O=e=>n`<a href="/console/connections/${e.id}">${e.name}</a>`;function z(e,o){let t=o.get(e.connector);return n`<span class="system">${R(t?.logo)}<span>${t?.name??e.connector}</span></span>`}var K=e=>n`<tenon-status status=${e.status}></tenon-status>${e.message?n`<tenon-reason class="small soft" .connection=${e}></tenon-reason>`:d}`;function B(e){return e.account?.name??e.account?.id??n`<span class="soft">${e.status==="pending"?a("connections.noAccount"):"–"}</span>`}function D(e){return e.lastUsedAt?U(e.lastUsedAt):n`<span class="soft">${a("connections.neverUsed")}</span>`}var c=y(),N=50,u=class extends q{constructor(){super(...arguments);this.filter=M();this.narrow=new g(this);this.counts=new C(this,async()=>{let[t,r]=await Promise.all([v(this.context.api.GET("/v1/connections/summary")),v(this.context.api.GET("/v1/connectors"))]);return{summary:t,connectors:new Map((r.items??[]).map(s=>[s.id,s]))}});this.list=new C(this,()=>this.read())}read(t){return v(this.context.api.GET("/v1/connections",{params:{query:{...this.filter,limit:N,cursor:t}}}))}render(){return n`<div class="page">
      <div class="head">
        <div><h1>${c("connections.title")}</h1><p class="soft">${c("connections.lead")}</p></div>
        ${this.context.may("connections:write")?n`<a class="button main" href="/console/catalog">${c("action.add")}</a>`:d}
      </div>
      ${this.counts.render(({summary:t,connectors:r})=>t.total||A(this.filter)?n`${this.filters(t,r)}${this.found(r)}`:this.empty())}
    </div>`}empty(){return n`<div class="empty">
      <h2>${c("connections.empty")}</h2><p class="soft">${c("connections.emptyLead")}</p>
      ${this.context.may("connections:write")?n`<a class="button main" href="/console/catalog">${c("action.connect")}</a>`:d}
    </div>`}filters(t,r){let{connector:s,status:l,environment:$}=this.filter,m=s?t.byConnector[s]??{}:t.byStatus,f=Object.keys(t.byConnector).map(i=>({id:i,name:r.get(i)?.name??i,count:I(t.byConnector[i])}));return s&&!t.byConnector[s]&&f.push({id:s,name:r.get(s)?.name??s,count:0}),f.sort((i,b)=>i.name.localeCompare(b.name)),n`<div class="filters" role="search" aria-label=${c("connections.filters")}>
      ${this.select("connector",c("connections.connector"),s,f.map(({id:i,name:b,count:J})=>[i,`${b} (${p(J)})`]),t.total)}
      ${this.select("status",c("connections.status"),l,x.map(i=>[i,`${h("status",i)} (${p(m[i]??0)})`]),I(m))}
      ${this.select("environment",c("connections.environment"),$,S.map(i=>[i,h("environment",i)]))}
    </div>`}select(t,r,s,l,$){return n`<label>${r}
      <select @change=${m=>this.choose({...this.filter,[t]:m.target.value||void 0})}>
        <option value="" .selected=${!s}>${c("field.all")}${$===void 0?"":` (${p($)})`}</option>
        ${l.map(([m,f])=>n`<option value=${m} .selected=${m===s}>${f}</option>`)}
      </select></label>`}choose(t){this.filter=t,T(t),this.list.value=void 0,this.list.again()}found(t){return n`${this.list.render(({items:r,nextCursor:s})=>{let l=r??[];return l.length?n`<p class="small soft" role="status">${F("connections.shown",l.length)}</p>
        ${this.narrow.matches?H(l,t):G(l,t)}
        ${this.trouble?n`<tenon-problem .problem=${this.trouble}></tenon-problem>`:d}
        ${s?n`<button class="more" type="button" ?disabled=${this.working} @click=${()=>this.more(s)}>${this.working?c("state.working"):c("action.more")}</button>`:d}`:n`<div class="empty"><h2>${c("connections.none")}</h2><button type="button" @click=${()=>this.choose({})}>${c("connections.clear")}</button></div>`})}`}async more(t){let[r,s]=[this.list.value?.items??[],this.filter],l=await this.act(()=>this.read(t));l&&s===this.filter&&this.list.set({...l,items:[...r,...l.items??[]]})}};u.styles=[...L,k`
    .system { display: inline-flex; align-items: center; gap: 0.6rem; }
    .system .mark { width: 1.75rem; height: 1.75rem; }
    .system span { min-width: 7.5rem; overflow-wrap: anywhere; }
    .cards .facts { grid-template-columns: minmax(7rem, auto) 1fr; gap: 0.3rem 1rem; }
    .cards .facts dd { margin: 0; }
    @media (max-width: 24rem) { .cards .facts { grid-template-columns: minmax(0, 1fr); } .cards .facts dd { margin-bottom: 0.4rem; } }
    .scroll.card { padding: 0.25rem 0.5rem; }
    th, td { vertical-align: middle; padding-inline: 0.5rem; }
    tbody th { min-width: 10.5rem; }
    td.state { min-width: 9.5rem; }
    td.account { min-width: 6rem; overflow-wrap: anywhere; }
    td.used { white-space: nowrap; }
    th.number, td.number { text-align: end; }
    .more { justify-self: center; }
  `],w([E()],u.prototype,"filter",2),u=w([j("tenon-page-connections")],u);function I(e){return Object.values(e).reduce((o,t)=>o+t,0)}export{u as PageConnections};
