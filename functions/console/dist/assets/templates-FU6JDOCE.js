import{a as b}from"./chunk-RB7VNPHU.js";import{a as $}from"./chunk-FCTDVHXG.js";import{a as g}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as m,C as d,D as h,c as a,g as o,j as p,r as i,u as c}from"./chunk-5Q62QOP6.js";import{a as l}from"./chunk-IZSUZKVX.js";var e=m(),r=class extends g{constructor(){super(...arguments);this.tab="templates";this.list=new $(this,async()=>{let[s,n]=await Promise.all([c(t=>i(this.context.api.GET("/v1/templates",{params:{query:{limit:100,cursor:t}}}))),i(this.context.api.GET("/v1/connectors"))]);return{templates:s,connectors:new Map((n.items??[]).map(t=>[t.id,t]))}})}draw(){return a`
      <div class="head">
        <div><h1>${e("organization.templates")}</h1><p class="soft">${e("templates.lead")}</p></div>
        <div class="bar">
          <button type="button" ?disabled=${this.working} @click=${()=>this.export()}>${e("templates.export")}</button>
          <a class="button" href="/console/organization/templates/import">${e("templates.import")}</a>
          <a class="button main" href="/console/organization/templates/new">${e("templates.new")}</a>
        </div>
      </div>
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.list.render(s=>s.templates.length?this.cards(s):a`<div class="empty"><h2>${e("templates.empty")}</h2><p class="soft">${e("templates.emptyLead")}</p></div>`)}`}cards({templates:s,connectors:n}){return a`<ul class="cards">${s.map(t=>a`<li class="card stack">
      <div class="bar">${b(n.get(t.connector)?.logo)}<h2><a href="/console/organization/templates/${t.id}">${t.name}</a></h2></div>
      <p class="soft small">${n.get(t.connector)?.name??t.connector}<br><code>${t.stableKey}</code></p>
      <p class="chips">
        ${t.embedded?a`<span class="chip">${e("templates.forAll")}</span>`:a`<span class="chip">${e("templates.hidden")}</span>`}
        ${t.credentials==="organization"?a`<span class="chip">${e("templates.ours")}</span>`:o}
        ${t.owner!=="org"?a`<span class="chip">${t.owner}</span>`:o}
      </p>
      ${t.missing?.length?a`<p class="note warn small">${d("templates.missing",t.missing.length)} ${t.missing.map(u=>h("templates",u)).join(", ")}</p>`:o}
      ${t.incident?a`<p class="note bad small">${e("templates.refused")}</p>`:o}
    </li>`)}</ul>`}async export(){let s=await this.act(()=>i(this.context.api.POST("/v1/templates/export",{body:{}})));if(!s)return;let n=URL.createObjectURL(new Blob([`${JSON.stringify(s,null,2)}
`],{type:"application/json"}));Object.assign(window.document.createElement("a"),{href:n,download:"templates.json"}).click(),setTimeout(()=>URL.revokeObjectURL(n),1e3),this.context.say(e("templates.exported"))}};r=l([p("tenon-page-templates")],r);export{r as PageTemplates};
