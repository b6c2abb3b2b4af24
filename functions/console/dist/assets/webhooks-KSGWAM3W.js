import{a as w,b as $,c as k,d as g}from"./chunk-CGHVWE6S.js";import{a as f}from"./chunk-UPVP2YV4.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import{a as u}from"./chunk-FCTDVHXG.js";import"./chunk-TMDCKYPS.js";import{i as v}from"./chunk-HZJM6QYA.js";import{a as y}from"./chunk-PGKVCT5T.js";import{c as b}from"./chunk-TLWH2TIY.js";import"./chunk-VO4CMFWF.js";import{B as p,C as h,J as m,c as i,g as n,j as l,l as d,r as c,t as a}from"./chunk-5Q62QOP6.js";import{a as r}from"./chunk-IZSUZKVX.js";var s=p(),o=class extends b{constructor(){super(...arguments);this.secret="";this.key=a();this.list=new u(this,async()=>(await c(this.context.api.GET("/v1/webhook-endpoints"))).items??[]);this.create=async e=>{e.preventDefault();let t=await this.act(()=>c(this.context.api.POST("/v1/webhook-endpoints",{params:{header:{"Idempotency-Key":this.key}},body:w(this.adding)})));if(!t)return v(this);this.adding=void 0,this.secret=t.secret??"",await this.updateComplete,this.renderRoot.querySelector("#secret-title")?.focus(),await this.list.again()}}disconnectedCallback(){super.disconnectedCallback(),this.secret=""}render(){let e=this.context.may("settings:write");return i`<div class="page">
      ${f("/webhooks")}
      <div class="head">
        <div><h1>${s("webhooks.title")}</h1><p class="soft">${s("webhooks.lead")}</p></div>
        ${e&&!this.adding?i`<button class="main" type="button" @click=${()=>this.begin()}>${s("webhooks.new")}</button>`:n}
      </div>
      ${this.secret?k(this.secret,void 0,()=>this.secret=""):n}
      ${this.adding?this.form(this.adding):n}
      ${this.list.render(t=>t.length?this.cards(t):i`<div class="empty"><h2>${s("webhooks.empty")}</h2><p class="soft">${s("webhooks.emptyLead")}</p></div>`)}
    </div>`}cards(e){return i`<ul class="stack">${e.map(t=>i`<li class="card stack">
      <div class="split"><h2><a href="/console/settings/webhooks/${t.id}"><span class="mono">${t.url}</span></a></h2>${g(t)}</div>
      <p class="small soft">${t.description?i`${t.description}, `:n}${t.events?.length?h("webhooks.count",t.events.length):s("webhooks.eventsAll")}</p>
    </li>`)}</ul>`}form(e){let t=E=>{this.adding={...e,...E},this.key=a()};return i`<form class="card" novalidate @submit=${this.create}>
      <h2>${s("webhooks.new")}</h2>
      ${$(e,this.context.tenant==="org",this.trouble,t)}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working||!e.every&&!e.events.length}>${this.working?s("state.working"):s("webhooks.create")}</button>
        <button type="button" @click=${()=>this.adding=void 0}>${s("action.cancel")}</button>
      </div>
    </form>`}async begin(){[this.adding,this.key,this.trouble,this.secret]=[{url:"",description:"",every:!0,events:[]},a(),void 0,""],await this.updateComplete,this.renderRoot.querySelector("#url")?.focus()}};o.styles=[...m,y],r([d()],o.prototype,"adding",2),r([d()],o.prototype,"secret",2),o=r([l("tenon-page-webhooks")],o);export{o as PageWebhooks};
