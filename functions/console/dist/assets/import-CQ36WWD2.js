import"./chunk-TMDCKYPS.js";import{a as $}from"./chunk-HZJM6QYA.js";import{a as h}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as u,D as c,c as e,g as l,j as d,l as p,r as m}from"./chunk-5Q62QOP6.js";import{a as n}from"./chunk-IZSUZKVX.js";var i=u(),r=class extends h{constructor(){super(...arguments);this.tab="templates";this.unreadable=!1;this.read=async a=>{let s=a.target.files?.[0];if(this.document=this.result=this.trouble=void 0,this.unreadable=!1,!!s){try{this.document=JSON.parse(await s.text())}catch{this.unreadable=!0;return}await this.run(!0)}}}draw(){return e`
      <div><h1>${i("templates.importTitle")}</h1><p class="soft">${i("templates.importLead")}</p></div>
      <section class="card narrow">${$({id:"file",label:i("templates.file"),help:i("templates.fileHelp"),wrong:this.unreadable?i("templates.fileWrong"):void 0},a=>e`
        <input id="file" type="file" accept=".json,application/json" aria-describedby=${a.by} aria-invalid=${a.invalid} @change=${this.read} />`)}</section>
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.result?this.outcome(this.result):l}`}outcome(a){let s=(a.changes??[]).some(t=>t.action==="refused");return e`<section class="card stack" role="status">
      <h2>${a.applied?i("templates.imported"):i("templates.would")}</h2>
      <ul class="stack">${(a.changes??[]).map(t=>e`<li>
        <span class="chip">${c("templates.import",t.action)}</span> <code>${t.stableKey??t.connector}</code>
        ${t.problem?e`<p class="wrong">${t.problem.detail} ${(t.problem.errors??[]).map(o=>`${o.pointer} ${o.detail}`).join(" ")}</p>`:l}
        ${t.fields?.length?e`<ul class="small">${t.fields.map(o=>e`<li><code>${o.pointer}</code> ${o.from??""} → ${o.to??""}</li>`)}</ul>`:l}
      </li>`)}</ul>
    </section>
    ${a.todo?.length?e`<section class="note warn stack"><h2>${i("templates.todo")}</h2><ul class="stack">${a.todo.map(t=>e`<li>
      ${t.templateId?e`<a href="/console/organization/templates/${t.templateId}">${t.stableKey}</a>`:e`<code>${t.stableKey}</code>`}: ${(t.missing??[]).map(o=>c("templates",o)).join(", ")}
      ${t.redirectUri?e`<br>${i("templates.redirectUri")} <code>${t.redirectUri}</code> <tenon-copy .text=${t.redirectUri} what=${i("templates.redirectUri")}></tenon-copy>`:l}</li>`)}</ul></section>`:l}
    ${a.applied?e`<div><a class="button main" href="/console/organization/templates">${i("organization.templates")}</a></div>`:e`<div><button class="main" type="button" ?disabled=${this.working||s} @click=${()=>this.run(!1)}>${this.working?i("state.working"):i("templates.apply")}</button></div>`}`}async run(a){let s=await this.act(()=>m(this.context.api.POST("/v1/templates/import",{params:{query:{dryRun:a}},body:this.document})));s&&(this.result=s,s.applied&&this.context.say(i("templates.imported")))}};n([p()],r.prototype,"document",2),n([p()],r.prototype,"result",2),n([p()],r.prototype,"unreadable",2),r=n([d("tenon-page-template-import")],r);export{r as PageTemplateImport};
