import"./chunk-4ANX6OO4.js";import"./chunk-PSULWQUA.js";import"./chunk-ZDU262OS.js";import"./chunk-IB4Q5J2W.js";import"./chunk-M4R2VZI3.js";import{a as R}from"./chunk-CPZMRUL2.js";import{a as w}from"./chunk-O5IW62CN.js";import{a as q}from"./chunk-USROBFAL.js";import{A as F,B as h,C as p,D as U,H as L,a as k,b as n,f as m,i as j,k as E,p as v,z as y}from"./chunk-LQP3WBDK.js";import{a as C}from"./chunk-IZSUZKVX.js";var g=class{constructor(o){this.host=o;o.addController(this)}#t=matchMedia("(max-width: 52rem)");#e=()=>this.host.requestUpdate();get matches(){return this.#t.matches}hostConnected(){this.#t.addEventListener("change",this.#e)}hostDisconnected(){this.#t.removeEventListener("change",this.#e)}};var x=["active","degraded","disabled","pending"],S=["production","test"];function M(e=location.search){let o=new URLSearchParams(e);return{connector:o.get("connector")||void 0,status:x.find(t=>t===o.get("status")),environment:S.find(t=>t===o.get("environment"))}}function T(e){let o=new URL(location.href);for(let t of["connector","status","environment"]){let r=e[t];r?o.searchParams.set(t,r):o.searchParams.delete(t)}history.pushState(null,"",o.pathname+o.search)}function A(e){return Object.values(e).some(Boolean)}var c=y();function G(e,o){return n`<div class="scroll card" tabindex="0" role="region" aria-label=${c("connections.title")}><table>
    <thead><tr>
      <th scope="col">${c("connections.name")}</th><th scope="col">${c("connections.connector")}</th><th scope="col">${c("connections.environment")}</th>
      <th scope="col">${c("connections.status")}</th><th scope="col">${c("connections.account")}</th><th scope="col">${c("connections.lastUsed")}</th>
      <th scope="col" class="number">${c("connections.flows")}</th>
    </tr></thead>
    <tbody>${e.map(t=>n`<tr>
      <th scope="row">${O(t)}</th><td>${z(t,o)}</td><td>${h("environment",t.environment)}</td>
      <td>${K(t)}</td><td>${B(t)}</td><td>${D(t)}</td><td class="number">${p(t.bindings)}</td>
    </tr>`)}</tbody>
  </table></div>`}function H(e,o){return n`<ul class="cards">${e.map(t=>n`<li class="card stack">
    <div class="split"><h2>${O(t)}</h2><tenon-status status=${t.status}></tenon-status></div>
    ${t.message?n`<tenon-reason class="small soft" .connection=${t}></tenon-reason>`:m}
    <dl class="facts">
      <dt>${c("connections.connector")}</dt><dd>${z(t,o)}</dd>
      <dt>${c("connections.environment")}</dt><dd>${h("environment",t.environment)}</dd>
      <dt>${c("connections.account")}</dt><dd>${B(t)}</dd>
      <dt>${c("connections.lastUsed")}</dt><dd>${D(t)}</dd>
      <dt>${c("connections.flows")}</dt><dd>${p(t.bindings)}</dd>
    </dl>
  </li>`)}</ul>`}var O=e=>n`<a href="/console/connections/${e.id}">${e.name}</a>`;function z(e,o){let t=o.get(e.connector);return n`<span class="system">${R(t?.logo)}<span>${t?.name??e.connector}</span></span>`}var K=e=>n`<tenon-status status=${e.status}></tenon-status>${e.message?n`<tenon-reason class="small soft" .connection=${e}></tenon-reason>`:m}`;function B(e){return e.account?.name??e.account?.id??n`<span class="soft">${c("connections.noAccount")}</span>`}function D(e){return e.lastUsedAt?U(e.lastUsedAt):n`<span class="soft">${c("connections.neverUsed")}</span>`}var a=y(),N=50,u=class extends q{constructor(){super(...arguments);this.filter=M();this.narrow=new g(this);this.counts=new w(this,async()=>{let[t,r]=await Promise.all([v(this.context.api.GET("/v1/connections/summary")),v(this.context.api.GET("/v1/connectors"))]);return{summary:t,connectors:new Map((r.items??[]).map(s=>[s.id,s]))}});this.list=new w(this,()=>this.read())}read(t){return v(this.context.api.GET("/v1/connections",{params:{query:{...this.filter,limit:N,cursor:t}}}))}render(){return n`<div class="page">
      <div class="head">
        <div><h1>${a("connections.title")}</h1><p class="soft">${a("connections.lead")}</p></div>
        ${this.context.may("connections:write")?n`<a class="button main" href="/console/catalog">${a("action.add")}</a>`:m}
      </div>
      ${this.counts.render(({summary:t,connectors:r})=>t.total||A(this.filter)?n`${this.filters(t,r)}${this.found(r)}`:this.empty())}
    </div>`}empty(){return n`<div class="empty">
      <h2>${a("connections.empty")}</h2><p class="soft">${a("connections.emptyLead")}</p>
      ${this.context.may("connections:write")?n`<a class="button main" href="/console/catalog">${a("action.connect")}</a>`:m}
    </div>`}filters(t,r){let{connector:s,status:l,environment:$}=this.filter,d=s?t.byConnector[s]??{}:t.byStatus,f=Object.keys(t.byConnector).map(i=>({id:i,name:r.get(i)?.name??i,count:I(t.byConnector[i])}));return s&&!t.byConnector[s]&&f.push({id:s,name:r.get(s)?.name??s,count:0}),f.sort((i,b)=>i.name.localeCompare(b.name)),n`<div class="filters" role="search" aria-label=${a("connections.filters")}>
      ${this.select("connector",a("connections.connector"),s,f.map(({id:i,name:b,count:J})=>[i,`${b} (${p(J)})`]),t.total)}
      ${this.select("status",a("connections.status"),l,x.map(i=>[i,`${h("status",i)} (${p(d[i]??0)})`]),I(d))}
      ${this.select("environment",a("connections.environment"),$,S.map(i=>[i,h("environment",i)]))}
    </div>`}select(t,r,s,l,$){return n`<label>${r}
      <select @change=${d=>this.choose({...this.filter,[t]:d.target.value||void 0})}>
        <option value="" .selected=${!s}>${a("field.all")}${$===void 0?"":` (${p($)})`}</option>
        ${l.map(([d,f])=>n`<option value=${d} .selected=${d===s}>${f}</option>`)}
      </select></label>`}choose(t){this.filter=t,T(t),this.list.value=void 0,this.list.again()}found(t){return n`${this.list.render(({items:r,nextCursor:s})=>{let l=r??[];return l.length?n`<p class="small soft" role="status">${F("connections.shown",l.length)}</p>
        ${this.narrow.matches?H(l,t):G(l,t)}
        ${this.trouble?n`<tenon-problem .problem=${this.trouble}></tenon-problem>`:m}
        ${s?n`<button class="more" type="button" ?disabled=${this.working} @click=${()=>this.more(s)}>${this.working?a("state.working"):a("action.more")}</button>`:m}`:n`<div class="empty"><h2>${a("connections.none")}</h2><button type="button" @click=${()=>this.choose({})}>${a("connections.clear")}</button></div>`})}`}async more(t){let[r,s]=[this.list.value?.items??[],this.filter],l=await this.act(()=>this.read(t));l&&s===this.filter&&this.list.set({...l,items:[...r,...l.items??[]]})}};u.styles=[...L,k`
    .system { display: inline-flex; align-items: center; gap: 0.6rem; }
    .system .mark { width: 1.75rem; height: 1.75rem; }
    .system span { min-width: 6.5rem; }
    .cards .facts { grid-template-columns: minmax(7rem, auto) 1fr; gap: 0.3rem 1rem; }
    .cards .facts dd { margin: 0; }
    .scroll.card { padding: 0.25rem 0.5rem; }
    th, td { vertical-align: middle; }
    th.number, td.number { text-align: end; }
    tbody th { color: inherit; font-size: inherit; }
    .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 14rem)); gap: 0.75rem; align-items: end; }
    .more { justify-self: center; }
  `],C([E()],u.prototype,"filter",2),u=C([j("tenon-page-connections")],u);function I(e){return Object.values(e).reduce((o,t)=>o+t,0)}export{u as PageConnections};
