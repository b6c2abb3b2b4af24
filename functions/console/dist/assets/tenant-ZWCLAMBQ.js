import{a as y}from"./chunk-DERM7WRD.js";import"./chunk-G72H5W2R.js";import"./chunk-NCPHXGPS.js";import"./chunk-CJYD5GVE.js";import{a as b}from"./chunk-FCTDVHXG.js";import"./chunk-HZJM6QYA.js";import{a as g}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as f,D as d,E as v,G as i,c as e,g as s,j as $,l as h,m as u,r as p}from"./chunk-5Q62QOP6.js";import{a as c}from"./chunk-IZSUZKVX.js";var n=f(),k=["provisioning","offboarding"],r=class extends g{constructor(){super();this.tab="tenants";this.loaded=new b(this,()=>p(this.context.api.GET("/v1/tenants/{tenantId}",{params:this.at})));new y(this,()=>k.includes(this.loaded.value?.state??"")&&!this.removal,()=>this.loaded.again())}get at(){return{path:{tenantId:this.params.id}}}draw(){return e`${this.loaded.render(t=>e`
      <div class="head">
        <div><h1>${t.name}</h1><p class="soft"><code>${t.id}</code></p></div>
        ${t.id==="org"?s:e`<div class="bar">
          ${t.state==="ready"?e`<a class="button main" href="/console/connectors?tenant=${t.id}">${n("tenants.actFor")} ${t.name}</a>`:s}
          ${["ready","suspended"].includes(t.state)?e`<button class="danger" type="button" ?disabled=${this.working} @click=${()=>this.ask()}>${n("tenants.remove")}</button>`:s}
        </div>`}
      </div>
      ${this.removal?s:e`<tenon-problem .problem=${this.trouble}></tenon-problem>`}
      ${t.suspension?e`<p class="note bad">${n("tenants.suspended",{since:i(t.suspension.since)})} ${d("tenants.suspension",t.suspension.reason)}</p>`:s}
      <dl class="card facts">
        <dt>${n("tenants.state")}</dt><dd>${d("tenants.state",t.state)}</dd>
        <dt>${n("tenants.since")}</dt><dd>${i(t.createdAt)}</dd>
        ${t.keyArn?e`<dt>${n("tenants.key")}</dt><dd><code>${t.keyArn}</code></dd>`:s}
      </dl>
      ${t.offboarding?this.receipt(t.offboarding,t.state):s}
      ${this.removal?this.confirmation(t,this.removal):s}`)}`}receipt(t,o){return e`<section class="card stack">
      <h2>${n(o==="removed"?"tenants.receipt":"tenants.removing")}</h2>
      ${t.startedAt?e`<p class="soft">${n("tenants.started",{at:i(t.startedAt),by:t.startedBy??""})}</p>`:s}
      <ol class="stack">${(t.steps??[]).map(a=>e`<li class="split">
        <span>${a.at?"✓":"…"} ${d("tenants.step",a.step)} <span class="soft small">${this.counts(a.counts)}</span></span>
        <span class="soft small">${a.at?i(a.at):n("tenants.toCome")}</span></li>`)}</ol>
      ${t.irrevocable?.length?e`<div class="note warn stack"><p>${n("tenants.irrevocable")}</p><ul>${t.irrevocable.map(a=>e`<li><code>${a}</code></li>`)}</ul></div>`:s}
      ${t.keyDeletionAt?e`<p>${n("tenants.keyDeletion",{at:i(t.keyDeletionAt)})}</p>`:s}
      ${t.backupsUntil?e`<p>${n("tenants.backupsUntil",{at:i(t.backupsUntil)})}</p>`:s}
      ${t.finishedAt?e`<p>${n("tenants.finished",{at:i(t.finishedAt)})}</p>`:s}
    </section>`}counts(t){return Object.entries(t??{}).map(([o,a])=>`${v(a)} ${d("tenants.count",o)}`).join(", ")}confirmation(t,o){let[a,m]=[o.impact,o.offboarding?.steps?.find(l=>l.step==="blocked")];return e`<tenon-confirm danger heading=${n("tenants.removeHeading",{name:t.name})} .action=${n("tenants.remove")} .name=${t.id} ?refused=${a?.allowed===!1}
      ?working=${this.working} .problem=${this.trouble} @confirm=${()=>this.erase()} @close=${()=>this.removal=void 0}>
      <div class="stack">
        <p>${n("tenants.removeText")}</p>
        ${m?.counts?e`<p><strong>${n("tenants.goes")}</strong> ${this.counts(m.counts)}</p>`:s}
        ${a?.detail?e`<p class="note warn">${a.detail}</p>`:s}
        ${a?.flows?.length?e`<p>${n("tenants.flows")}</p><ul class="chips">${a.flows.map(l=>e`<li class="chip">${l.flowId}</li>`)}</ul>`:s}
      </div>
    </tenon-confirm>`}async ask(){this.removal=await this.act(()=>p(this.context.api.DELETE("/v1/tenants/{tenantId}",{params:{...this.at,query:{dryRun:!0}}})))}async erase(){let t=await this.act(()=>p(this.context.api.DELETE("/v1/tenants/{tenantId}",{params:this.at})));t&&(this.dialog?.close(),this.loaded.set(t),this.context.say(n("tenants.begun")))}};c([h()],r.prototype,"removal",2),c([u("tenon-confirm")],r.prototype,"dialog",2),r=c([$("tenon-page-tenant")],r);export{r as PageTenant};
