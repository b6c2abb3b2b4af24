import"./chunk-OWKBOQLP.js";import{a as $}from"./chunk-7I4NOERV.js";import{a as h}from"./chunk-S5LP6FRB.js";import"./chunk-O7P2PI5H.js";import"./chunk-XI2WRLH3.js";import{B as u,D as c,c as e,g as l,j as d,l as p,r as m}from"./chunk-ZQZAQLEV.js";import{a as n}from"./chunk-IZSUZKVX.js";var i=u(),r=class extends h{constructor(){super(...arguments);this.tab="templates";this.unreadable=!1;this.read=async s=>{let a=s.target.files?.[0];if(this.document=this.result=this.trouble=void 0,this.unreadable=!1,!!a){try{this.document=JSON.parse(await a.text())}catch{this.unreadable=!0;return}await this.run(!0)}}}draw(){return e`
      <div><h1>${i("templates.importTitle")}</h1><p class="soft">${i("templates.importLead")}</p></div>
      <section class="card">${$({id:"file",label:i("templates.file"),help:i("templates.fileHelp"),wrong:this.unreadable?i("templates.fileWrong"):void 0},s=>e`
        <input id="file" type="file" accept=".json,application/json" aria-describedby=${s.by} aria-invalid=${s.invalid} @change=${this.read} />`)}</section>
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.result?this.outcome(this.result):l}`}outcome(s){let a=(s.changes??[]).some(t=>t.action==="refused");return e`<section class="card stack" role="status">
      <h2>${s.applied?i("templates.imported"):i("templates.would")}</h2>
      <ul class="stack">${(s.changes??[]).map(t=>e`<li>
        <span class="chip">${c("templates.import",t.action)}</span> <code>${t.stableKey??t.connector}</code>
        ${t.problem?e`<p class="wrong">${t.problem.detail} ${(t.problem.errors??[]).map(o=>`${o.pointer} ${o.detail}`).join(" ")}</p>`:l}
        ${t.fields?.length?e`<ul class="small">${t.fields.map(o=>e`<li><code>${o.pointer}</code> ${o.from??""} → ${o.to??""}</li>`)}</ul>`:l}
      </li>`)}</ul>
    </section>
    ${s.todo?.length?e`<section class="note warn stack"><h2>${i("templates.todo")}</h2><ul class="stack">${s.todo.map(t=>e`<li>
      ${t.templateId?e`<a href="/console/organization/templates/${t.templateId}">${t.stableKey}</a>`:e`<code>${t.stableKey}</code>`}: ${(t.missing??[]).map(o=>c("templates",o)).join(", ")}
      ${t.redirectUri?e`<br>${i("templates.redirectUri")} <code>${t.redirectUri}</code> <tenon-copy .text=${t.redirectUri} what=${i("templates.redirectUri")}></tenon-copy>`:l}</li>`)}</ul></section>`:l}
    ${s.applied?e`<div><a class="button main" href="/console/organization/templates">${i("organization.templates")}</a></div>`:e`<div><button class="main" type="button" ?disabled=${this.working||a} @click=${()=>this.run(!1)}>${this.working?i("state.working"):i("templates.apply")}</button></div>`}`}async run(s){let a=await this.act(()=>m(this.context.api.POST("/v1/templates/import",{params:{query:{dryRun:s}},body:this.document})));a&&(this.result=a,a.applied&&this.context.say(i("templates.imported")))}};n([p()],r.prototype,"document",2),n([p()],r.prototype,"result",2),n([p()],r.prototype,"unreadable",2),r=n([d("tenon-page-template-import")],r);export{r as PageTemplateImport};
