import{a as x}from"./chunk-DERM7WRD.js";import"./chunk-G72H5W2R.js";import"./chunk-NCPHXGPS.js";import"./chunk-CJYD5GVE.js";import{a as v}from"./chunk-FCTDVHXG.js";import{b as g,e as w,i as y}from"./chunk-HZJM6QYA.js";import{a as k}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as $,D as p,E as b,G as h,c as a,g as o,j as f,l as c,m,r as d,u}from"./chunk-5Q62QOP6.js";import{a as l}from"./chunk-IZSUZKVX.js";var i=$(),n=class extends k{constructor(){super();this.tab="kill-switches";this.cutting=!1;this.list=new v(this,async()=>(await u(t=>d(this.context.api.GET("/v1/kill-switches",{params:{query:{limit:100,cursor:t}}})))).reverse());new x(this,()=>!!this.list.value?.some(t=>t.state==="cutting"||t.state==="lifting"),()=>this.list.again())}target(t){return t.scope==="stage"?this.context.configuration.stage:t.target.trim()}draw(){return a`
      <div class="head">
        <div><h1>${i("organization.kill-switches")}</h1><p class="soft">${i("kill.lead")}</p></div>
        ${this.adding?o:a`<button class="danger" type="button" @click=${()=>this.begin()}>${i("kill.new")}</button>`}
      </div>
      ${this.adding?this.form(this.adding):o}
      ${this.list.render(t=>t.length?a`<ul class="stack">${t.map(e=>this.card(e))}</ul>`:a`<div class="empty"><h2>${i("kill.empty")}</h2><p class="soft">${i("kill.emptyLead")}</p></div>`)}
      ${this.lifting?a`<tenon-confirm heading=${i("kill.lift")} .action=${i("kill.lift")} ?working=${this.working} .problem=${this.trouble}
        @confirm=${()=>this.lift(this.lifting)} @close=${()=>this.lifting=void 0}><p>${i("kill.liftText")}</p></tenon-confirm>`:o}`}form(t){let e=s=>this.adding={...t,...s},r=t.scope==="tenant"?"/tenant":"/connector";return a`<form class="card" novalidate @submit=${s=>{s.preventDefault(),this.target(t)&&t.reason.trim()&&(this.trouble=void 0,this.cutting=!0)}}>
      <h2>${i("kill.new")}</h2>
      ${w({id:"scope",label:i("kill.scope"),value:t.scope,change:s=>e({scope:s}),options:[["tenant",i("kill.tenant")],["connector",i("kill.connector")],["stage",i("kill.stage",{stage:this.context.configuration.stage})]]})}
      ${t.scope==="stage"?o:g({id:"target",label:i("kill.target"),help:t.scope==="tenant"?i("kill.tenantHelp"):i("kill.connectorHelp"),value:t.target,wrong:this.trouble?.field(r),input:s=>e({target:s})})}
      ${g({id:"reason",label:i("kill.reason"),help:i("kill.reasonHelp"),value:t.reason,wrong:this.trouble?.field("/reason"),input:s=>e({reason:s})})}
      ${this.cutting||this.lifting?o:a`<tenon-problem fields .problem=${this.trouble}></tenon-problem>`}
      <div class="bar">
        <button class="danger" type="submit" ?disabled=${!this.target(t)||!t.reason.trim()}>${i("kill.cut")}</button>
        <button type="button" @click=${()=>this.adding=void 0}>${i("action.cancel")}</button>
      </div>
      ${this.cutting?a`<tenon-confirm danger heading=${i("kill.heading",{name:this.target(t)})} .action=${i("kill.cut")} .name=${this.target(t)} ?working=${this.working} .problem=${this.trouble}
        @confirm=${()=>this.cut(t)} @close=${()=>this.cutting=!1}><p>${i("kill.text")}</p></tenon-confirm>`:o}
    </form>`}card(t){let e=t.progress,r=["total","disabled","revoked","irrevocable","pendingRevocation","failed"].map(s=>a`<dt>${i(`kill.${s}`)}</dt><dd>${b(e[s])}</dd>`);return a`<li class="card stack">
      <div class="split"><h2>${p("kill",t.scope)}: <code>${this.target({scope:t.scope,target:t.tenant??t.connector??""})}</code></h2><span class="chip">${p("kill.state",t.state)}</span></div>
      <p>${t.reason}</p>
      ${t.state==="cutting"&&e.total?a`<progress aria-label=${i("kill.progress")} max=${e.total} value=${e.disabled}></progress>`:o}
      <dl class="facts">${r}</dl>
      <p class="small soft">${i("kill.by",{at:h(e.startedAt),by:e.startedBy})} ${t.liftedAt?i("kill.liftedBy",{at:h(t.liftedAt),by:t.liftedBy??""}):""}</p>
      ${t.liftedAt?o:a`<div><button type="button" @click=${()=>{this.trouble=void 0,this.lifting=t}}>${i("kill.lift")}</button></div>`}
    </li>`}async begin(){[this.adding,this.trouble]=[{scope:"tenant",target:"",reason:""},void 0],await this.updateComplete,this.renderRoot.querySelector("#scope")?.focus()}async cut(t){let e=this.target(t),r={scope:t.scope,reason:t.reason.trim(),confirm:e,...t.scope==="stage"?{}:{[t.scope]:e}},s=await this.act(()=>d(this.context.api.POST("/v1/kill-switches",{body:r})));if(this.dialog?.close(),!s)return y(this);this.adding=void 0,this.context.say(i("kill.begun")),await this.list.again()}async lift(t){await this.act(()=>d(this.context.api.POST("/v1/kill-switches/{killSwitchId}/lift",{params:{path:{killSwitchId:t.id}}})))&&(this.dialog?.close(),this.context.say(i("kill.lifted")),await this.list.again())}};l([c()],n.prototype,"adding",2),l([c()],n.prototype,"cutting",2),l([c()],n.prototype,"lifting",2),l([m("tenon-confirm")],n.prototype,"dialog",2),n=l([f("tenon-page-kill-switches")],n);export{n as PageKillSwitches};
