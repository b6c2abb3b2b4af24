import"./chunk-YM6WLRXQ.js";import"./chunk-ZC7CE5OH.js";import"./chunk-PSULWQUA.js";import"./chunk-6E5TG54K.js";import{a as k}from"./chunk-WVTCTDKO.js";import{a as S}from"./chunk-FZGHSQIP.js";import{c as E}from"./chunk-ADFUJYFR.js";import"./chunk-EMTXUYZT.js";import{B as w,C as $,D as d,G as b,H as x,J as C,a as v,c as e,g as l,j as g,l as h,r as u,u as y}from"./chunk-RCIJWJ5M.js";import{a as p}from"./chunk-IZSUZKVX.js";var o=w(),c=class extends E{constructor(){super(...arguments);this.status="";this.chosen={};this.list=new S(this,async()=>{let[a,i]=await Promise.all([y(n=>u(this.context.api.GET("/v1/connections",{params:{query:{limit:100,cursor:n}}}))),u(this.context.api.GET("/v1/connectors"))]);return{connections:a,connectors:new Map((i.items??[]).map(n=>[n.id,n]))}})}render(){return e`<div class="page">
      <div class="head">
        <div><h1>${o("nav.connectors")}</h1><p class="soft">${o("connectors.lead")}</p></div>
        ${this.context.may("connections:write")?e`<a class="button main" href="/console/catalog">${o("action.add")}</a>`:l}
      </div>
      ${this.list.render(a=>a.connections.length?this.cards(a):this.empty())}
    </div>`}empty(){return e`<div class="empty">
      <h2>${o("connectors.empty")}</h2><p class="soft">${o("connectors.emptyLead")}</p>
      ${this.context.may("connections:write")?e`<a class="button main" href="/console/catalog">${o("action.connect")}</a>`:l}
    </div>`}cards({connections:a,connectors:i}){let n=a.filter(t=>!this.status||t.status===this.status),s=Map.groupBy(n,t=>t.connector);return e`${this.filter(a)}
      ${s.size?l:e`<p class="soft">${o("connectors.none")}</p>`}
      <ul class="cards">${[...s].map(([t,r])=>e`<li class="card">${this.card(i.get(t),t,r)}</li>`)}</ul>`}filter(a){let i=Map.groupBy(a,s=>s.status),n=(s,t,r)=>e`<button type="button" aria-pressed=${this.status===s}
      class=${this.status===s?"main":""} @click=${()=>this.status=s}>${t} ${r}</button>`;return e`<div class="bar" role="group" aria-label=${o("connectors.summary")}>
      ${n("",o("field.all"),a.length)}
      ${[...i].map(([s,t])=>n(s,d("status",s),t.length))}
    </div>`}card(a,i,n){let s=a?.name??i,t=n.find(r=>r.id===this.chosen[i])??n[0];return e`
      <div class="name">${k(a?.logo)}<div><h2>${s}</h2><p class="state"><tenon-status status=${t.status}></tenon-status><span class="small soft">${d("environment",t.environment)}</span></p></div></div>
      ${this.choice(s,i,n,t)}
      <div class="about small">
        <p>${M(t)}</p>
        <p class="soft" title=${b(t.since)}>${o("connectors.changed",{when:x(t.since)})}</p>
        ${t.message?e`<tenon-reason class="soft" .connection=${t}></tenon-reason>`:l}
      </div>
      <div class="foot">
        ${n.length>1?e`<a class="small" href="/console/connections?connector=${i}">${$("connectors.count",n.length)}<span class="quiet"> (${s})</span></a>`:e`<span class="small soft">${$("connectors.count",n.length)}</span>`}
        <a class="button" href="/console/connections/${t.id}" aria-label=${o("connectors.manage",{name:t.name})}>${o("action.manage")}</a>
      </div>`}choice(a,i,n,s){return e`<select aria-label=${o("connectors.connection",{connector:a})} @change=${t=>this.chosen={...this.chosen,[i]:t.target.value}}>
      ${n.map(t=>e`<option value=${t.id} .selected=${t.id===s.id}>${t.name}${t.environment==="test"?` (${d("environment","test")})`:""}</option>`)}
    </select>`}};c.styles=[...C,v`
    .cards > .card { display: flex; flex-direction: column; gap: 0.9rem; min-width: 0; }
    .name, .foot { display: flex; align-items: center; gap: 0.75rem; min-width: 0; }
    .name > div { display: grid; gap: 0.3rem; justify-items: start; min-width: 0; }
    .name .mark { width: 3.25rem; height: 3.25rem; align-self: start; }
    .state { display: flex; flex-wrap: wrap; gap: 0.25rem 0.6rem; align-items: center; }
    h2, .about { overflow-wrap: anywhere; min-width: 0; }
    select { font-weight: 550; }
    .about { display: grid; gap: 0.2rem; }
    .foot { justify-content: space-between; position: relative; margin-top: auto; padding-top: 0.9rem; border-top: 1px solid var(--line); }
  `],p([h()],c.prototype,"status",2),p([h()],c.prototype,"chosen",2),c=p([g("tenon-page-connectors")],c);function M({account:m,status:f}){return m?e`<span class="soft">${o("connectors.account")}</span> ${m.name??m.id}`:e`<span class="soft">${o(f==="pending"?"connectors.noAccount":"connectors.unnamed")}</span>`}export{c as PageConnectors};
