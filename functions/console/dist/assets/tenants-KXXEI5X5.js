import{a as y}from"./chunk-FCTDVHXG.js";import{b as c,i as f}from"./chunk-HZJM6QYA.js";import{a as g}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as b,D as $,F as u,c as a,g as r,j as h,l as p,r as l,t as o,u as m}from"./chunk-5Q62QOP6.js";import{a as d}from"./chunk-IZSUZKVX.js";var t=b(),s=class extends g{constructor(){super(...arguments);this.tab="tenants";this.key=o();this.list=new y(this,()=>m(n=>l(this.context.api.GET("/v1/tenants",{params:{query:{limit:100,cursor:n}}}))));this.create=async n=>{n.preventDefault();let e=await this.act(()=>l(this.context.api.POST("/v1/tenants",{params:{header:{"Idempotency-Key":this.key}},body:this.adding})));if(!e)return f(this);this.context.say(t("tenants.created",{name:e.name})),this.context.go(`/console/organization/tenants/${e.id}`)}}draw(){return a`
      <div class="head">
        <div><h1>${t("organization.tenants")}</h1><p class="soft">${t("tenants.lead")}</p></div>
        ${this.adding?r:a`<button class="main" type="button" @click=${()=>this.begin()}>${t("tenants.new")}</button>`}
      </div>
      ${this.adding?this.form(this.adding):r}
      ${this.list.render(n=>this.table(n))}`}table(n){return n.length?a`<div class="card scroll" tabindex="0" role="region" aria-label=${t("organization.tenants")}><table>
      <thead><tr><th scope="col">${t("tenants.name")}</th><th scope="col">${t("tenants.state")}</th><th scope="col">${t("tenants.since")}</th><th scope="col"><span class="quiet">${t("tenants.actFor")}</span></th></tr></thead>
      <tbody>${n.map(e=>a`<tr>
        <th scope="row"><a href="/console/organization/tenants/${e.id}">${e.name}</a><br><code>${e.id}</code></th>
        <td>${$("tenants.state",e.state)}</td>
        <td>${u(e.createdAt)}</td>
        <td class="act">${e.state==="ready"&&e.id!=="org"?a`<a href="/console/connectors?tenant=${e.id}" aria-label="${t("tenants.actFor")} ${e.name}">${t("tenants.actFor")}</a>`:r}</td>
      </tr>`)}</tbody></table></div>`:a`<div class="empty"><h2>${t("tenants.empty")}</h2><p class="soft">${t("tenants.emptyLead")}</p></div>`}form(n){let e=i=>{this.adding={...n,...i},this.key=o()};return a`<form class="card" novalidate @submit=${this.create}>
      <h2>${t("tenants.new")}</h2>
      ${c({id:"name",label:t("tenants.name"),value:n.name,wrong:this.trouble?.field("/name"),input:i=>e({name:i})})}
      ${c({id:"id",label:t("tenants.id"),help:t("tenants.idHelp"),value:n.id,wrong:this.trouble?.field("/id"),input:i=>e({id:i})})}
      <tenon-problem fields .problem=${this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working}>${this.working?t("state.working"):t("tenants.create")}</button>
        <button type="button" @click=${()=>this.adding=void 0}>${t("action.cancel")}</button>
      </div>
    </form>`}async begin(){[this.adding,this.key,this.trouble]=[{id:"",name:""},o(),void 0],await this.updateComplete,this.renderRoot.querySelector("#name")?.focus()}};d([p()],s.prototype,"adding",2),s=d([h("tenon-page-tenants")],s);export{s as PageTenants};
