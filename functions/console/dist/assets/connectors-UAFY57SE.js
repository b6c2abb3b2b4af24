import"./chunk-IB4Q5J2W.js";import"./chunk-M4R2VZI3.js";import{a as b}from"./chunk-CPZMRUL2.js";import{a as y}from"./chunk-O5IW62CN.js";import{a as w}from"./chunk-USROBFAL.js";import{A as f,B as h,F as g,b as a,f as l,i as $,k as p,p as d,s as u,z as v}from"./chunk-LQP3WBDK.js";import{a as m}from"./chunk-IZSUZKVX.js";var o=v(),r=class extends w{constructor(){super(...arguments);this.status="";this.chosen={};this.list=new y(this,async()=>{let[e,i]=await Promise.all([u(n=>d(this.context.api.GET("/v1/connections",{params:{query:{limit:100,cursor:n}}}))),d(this.context.api.GET("/v1/connectors"))]);return{connections:e,connectors:new Map((i.items??[]).map(n=>[n.id,n]))}})}render(){return a`<div class="page">
      <div class="head">
        <div><h1>${o("nav.connectors")}</h1><p class="soft">${o("connectors.lead")}</p></div>
        ${this.context.may("connections:write")?a`<a class="button main" href="/console/catalog">${o("action.add")}</a>`:l}
      </div>
      ${this.list.render(e=>e.connections.length?this.cards(e):this.empty())}
    </div>`}empty(){return a`<div class="empty">
      <h2>${o("connectors.empty")}</h2><p class="soft">${o("connectors.emptyLead")}</p>
      ${this.context.may("connections:write")?a`<a class="button main" href="/console/catalog">${o("action.connect")}</a>`:l}
    </div>`}cards({connections:e,connectors:i}){let n=e.filter(t=>!this.status||t.status===this.status),s=Map.groupBy(n,t=>t.connector);return a`${this.filter(e)}
      ${s.size?l:a`<p class="soft">${o("connectors.none")}</p>`}
      <ul class="cards">${[...s].map(([t,c])=>a`<li class="card stack">${this.card(i.get(t),t,c)}</li>`)}</ul>`}filter(e){let i=Map.groupBy(e,s=>s.status),n=(s,t,c)=>a`<button type="button" aria-pressed=${this.status===s}
      class=${this.status===s?"main":""} @click=${()=>this.status=s}>${t} ${c}</button>`;return a`<div class="bar" role="group" aria-label=${o("connectors.summary")}>
      ${n("",o("field.all"),e.length)}
      ${[...i].map(([s,t])=>n(s,h("status",s),t.length))}
    </div>`}card(e,i,n){let s=e?.name??i,t=n.find(c=>c.id===this.chosen[i])??n[0];return a`
      <div class="split"><div class="bar">${b(e?.logo)}<h2>${s}</h2></div><tenon-status status=${t.status}></tenon-status></div>
      <select aria-label=${o("connectors.connection",{connector:s})} @change=${c=>this.chosen={...this.chosen,[i]:c.target.value}}>
        ${n.map(c=>a`<option value=${c.id} .selected=${c.id===t.id}>${c.name} (${h("environment",c.environment)})</option>`)}
      </select>
      <p class="small soft">${t.account?.name??t.account?.id??""} ${t.message??""} ${g(t.since)}</p>
      <div class="split">
        <span class="small soft">${f("connectors.count",n.length)}</span>
        <span class="bar">
          ${n.length>1?a`<a href="/console/connections?connector=${i}">${o("connectors.manageAll")}</a>`:l}
          <a class="button" href="/console/connections/${t.id}" aria-label=${o("connectors.manage",{name:t.name})}>${o("action.manage")}</a>
        </span>
      </div>`}};m([p()],r.prototype,"status",2),m([p()],r.prototype,"chosen",2),r=m([$("tenon-page-connectors")],r);export{r as PageConnectors};
