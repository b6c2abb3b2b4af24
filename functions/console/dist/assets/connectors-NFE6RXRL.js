import"./chunk-6IAD6ZMF.js";import"./chunk-5O67ASPB.js";import"./chunk-KXK4QTNM.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import{a as k}from"./chunk-RB7VNPHU.js";import{a as S}from"./chunk-FCTDVHXG.js";import{c as E}from"./chunk-TLWH2TIY.js";import"./chunk-VO4CMFWF.js";import{B as y,C as w,D as d,G as b,H as x,J as C,a as f,c as o,g as l,j as v,l as h,r as u,u as g}from"./chunk-5Q62QOP6.js";import{a as m}from"./chunk-IZSUZKVX.js";var e=y(),c=class extends E{constructor(){super(...arguments);this.status="";this.chosen={};this.list=new S(this,async()=>{let[a,i]=await Promise.all([g(s=>u(this.context.api.GET("/v1/connections",{params:{query:{limit:100,cursor:s}}}))),u(this.context.api.GET("/v1/connectors"))]);return{connections:a,connectors:new Map((i.items??[]).map(s=>[s.id,s]))}})}render(){return o`<div class="page">
      <div class="head">
        <div><h1>${e("nav.connectors")}</h1><p class="soft">${e("connectors.lead")}</p></div>
        ${this.context.may("connections:write")?o`<a class="button main" href="/console/catalog">${e("action.add")}</a>`:l}
      </div>
      ${this.list.render(a=>a.connections.length?this.cards(a):this.empty())}
    </div>`}empty(){return o`<div class="empty">
      <h2>${e("connectors.empty")}</h2><p class="soft">${e("connectors.emptyLead")}</p>
      ${this.context.may("connections:write")?o`<a class="button main" href="/console/catalog">${e("action.connect")}</a>`:l}
    </div>`}cards({connections:a,connectors:i}){let s=a.filter(t=>!this.status||t.status===this.status),n=Map.groupBy(s,t=>t.connector);return o`${this.filter(a)}
      ${n.size?l:o`<p class="soft">${e("connectors.none")}</p>`}
      <ul class="cards">${[...n].map(([t,r])=>o`<li class="card">${this.card(i.get(t),t,r)}</li>`)}</ul>`}filter(a){let i=Map.groupBy(a,n=>n.status),s=(n,t,r)=>o`<button type="button" aria-pressed=${this.status===n}
      class=${this.status===n?"main":""} @click=${()=>this.status=n}>${t} ${r}</button>`;return o`<div class="bar" role="group" aria-label=${e("connectors.summary")}>
      ${s("",e("field.all"),a.length)}
      ${[...i].map(([n,t])=>s(n,d("status",n),t.length))}
    </div>`}card(a,i,s){let n=a?.name??i,t=s.find(r=>r.id===this.chosen[i])??s[0];return o`
      <div class="name">${k(a?.logo)}<div><h2>${n}</h2><p class="state"><tenon-status status=${t.status}></tenon-status><span class="small soft">${d("environment",t.environment)}</span></p></div></div>
      ${this.choice(n,i,s,t)}
      <div class="about small">
        <p>${M(t)}</p>
        <p class="soft">${w("connectors.count",s.length)}</p>
        <p class="soft" title=${b(t.since)}>${e("connectors.changed",{when:x(t.since)})}</p>
        ${t.message?o`<tenon-reason class="soft" .connection=${t}></tenon-reason>`:l}
      </div>
      <div class="foot">
        <a class="small" href="/console/connections?connector=${i}">${e("connectors.manageAll")}<span class="quiet">: ${n}</span></a>
        <a class="button" href="/console/connections/${t.id}" aria-label=${e("connectors.manage",{name:t.name})}>${e("action.manage")}</a>
      </div>`}choice(a,i,s,n){return o`<select aria-label=${e("connectors.connection",{connector:a})} @change=${t=>this.chosen={...this.chosen,[i]:t.target.value}}>
      ${s.map(t=>o`<option value=${t.id} .selected=${t.id===n.id}>${t.name}${t.environment==="test"?` (${d("environment","test")})`:""}</option>`)}
    </select>`}};c.styles=[...C,f`
    .cards > .card { display: flex; flex-direction: column; gap: 0.9rem; min-width: 0; }
    .name, .foot { display: flex; align-items: center; gap: 0.75rem; min-width: 0; }
    .name > div { display: grid; gap: 0.3rem; justify-items: start; min-width: 0; }
    .name .mark { width: 3.25rem; height: 3.25rem; align-self: start; }
    .state { display: flex; flex-wrap: wrap; gap: 0.25rem 0.6rem; align-items: center; }
    h2, .about { overflow-wrap: anywhere; min-width: 0; }
    select { font-weight: 550; }
    .about { display: grid; gap: 0.2rem; }
    .foot { justify-content: space-between; position: relative; margin-top: auto; padding-top: 0.9rem; border-top: 1px solid var(--line); }
  `],m([h()],c.prototype,"status",2),m([h()],c.prototype,"chosen",2),c=m([v("tenon-page-connectors")],c);function M({account:p,status:$}){return p?o`<span class="soft">${e("connectors.account")}</span> ${p.name??p.id}`:o`<span class="soft">${e($==="pending"?"connectors.noAccount":"connectors.unnamed")}</span>`}export{c as PageConnectors};
