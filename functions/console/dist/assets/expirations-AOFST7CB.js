import{a as f,b as j}from"./chunk-VD77YBM7.js";import{a as S}from"./chunk-CXGAAUYD.js";import{a as x}from"./chunk-36MZBL2F.js";import{c as E}from"./chunk-XI2WRLH3.js";import{B as h,C as d,D as o,F as y,J as b,a as $,c as n,g as p,j as v,l as k,r as c}from"./chunk-ZQZAQLEV.js";import{a as g}from"./chunk-IZSUZKVX.js";var C=["ended","week","month","later"];function u({daysLeft:i}){return i<0?"ended":i<=7?"week":i<=30?"month":"later"}function O({kind:i,resourceId:a,connector:t},e){switch(i){case"client_secret":return e.person.home==="org"&&e.may("tenants:admin")?"/console/organization/templates":void 0;case"signing_key":return e.may("settings:read")?"/console/settings/signing-keys":void 0;case"sunset":return`/console/catalog/${t??a}`;default:return`/console/connections/${a}`}}var w=h(),L=[...b,$`
  .rows { display: grid; gap: 0.6rem; }
  .row { display: grid; grid-template-columns: auto minmax(0, 1fr) 10.5rem 11rem; gap: 0.5rem 1rem; align-items: center; padding: 0.9rem 1.15rem; }
  .what, .when { display: grid; gap: 0.15rem; min-width: 0; overflow-wrap: anywhere; }
  .when { justify-items: start; }
  .left { display: inline-flex; gap: 0.4rem; align-items: center; padding: 0.12rem 0.6rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; color: var(--slate); background: var(--slate-wash); }
  .left.ended, .left.week { color: var(--red); background: var(--red-wash); }
  .left.month { color: var(--amber); background: var(--amber-wash); }
  .do { justify-self: end; }
  @media (max-width: 44rem) { .row { grid-template-columns: auto minmax(0, 1fr); } .when, .do { grid-column: 1 / -1; justify-self: start; } }
`];function U(i,a,t){let e=O(i,t);return n`<li class="card row">
    ${S(a?.logo)}
    <div class="what">
      <h3>${i.name}</h3>
      <p class="small">${o("expirations.kind",i.kind)}${a?` · ${a.name}`:""}${i.environment?` · ${o("environment",i.environment)}`:""}</p>
      <p class="small soft">${w(i.renewal==="automatic"?"expirations.automatic":"expirations.person")}
        ${i.nextReminderAt?w("expirations.reminder",{date:y(i.nextReminderAt)}):""}</p>
    </div>
    <div class="when"><time datetime=${i.date}>${y(i.date)}</time>${T(i)}</div>
    <div class="do">${e&&i.remedy?n`<a class="button" href=${e} aria-label="${o("expirations.remedy",i.remedy)}: ${i.name}">${o("expirations.remedy",i.remedy)}</a>`:i.remedy?n`<span class="small soft">${o("expirations.remedy",i.remedy)}</span>`:p}</div>
  </li>`}function T(i){let a=i.renewal==="automatic"?"later":u(i),t=i.daysLeft<0?d("expirations.past",-i.daysLeft):i.daysLeft===0?w("expirations.today"):d("expirations.left",i.daysLeft),e={ended:"✕",week:"!",month:"△",later:"○"}[a];return n`<span class="left ${a}"><span aria-hidden="true">${e}</span>${t}</span>`}var s=h(),B=["credential","certificate","refresh_token","client_secret","signing_key","sunset","rotation"],_=["30","90","180","365","3650"],M="90",l=class extends E{constructor(){super(...arguments);this.filter={kind:f("kind"),within:_.includes(f("within"))?f("within"):M};this.list=new x(this,async()=>{let[t,e]=await Promise.all([this.read(),this.list.value?void 0:c(this.context.api.GET("/v1/connectors"))]);return{...t,connectors:e?new Map((e.items??[]).map(r=>[r.id,r])):this.list.value.connectors}});this.settings=new x(this,async()=>this.context.may("settings:read")?c(this.context.api.GET("/v1/settings")):null)}async read(t){let e=[],r=t;do{let m=await c(this.context.api.GET("/v1/expirations",{params:{query:{limit:50,cursor:r,withinDays:Number(this.filter.within),kind:this.filter.kind||void 0}}}));e.push(...m.items??[]),r=m.nextCursor}while(r&&!e.length);return{items:e,next:r}}async more(t){let e=await this.act(()=>this.read(t.next));e&&this.list.set({...t,items:[...t.items,...e.items],next:e.next})}narrow(t){this.filter={...this.filter,...t},j({kind:this.filter.kind,within:this.filter.within===M?"":this.filter.within}),this.list.again()}render(){return n`<div class="page">
      <div><h1>${s("nav.expirations")}</h1><p class="soft">${s("expirations.lead")}</p></div>
      ${this.settings.value?this.reminders(this.settings.value):p}
      ${this.bar()}
      ${this.list.render(t=>t.items.length?this.groups(t):this.empty())}
    </div>`}reminders({reminders:t}){let e=t.daysBefore?.length?t.daysBefore:[14];return n`<p class="note ${t.enabled?"":"warn"}">${t.enabled?s("expirations.remindersOn",{days:e.join(", ")}):s("expirations.remindersOff")}
      <a href="/console/settings">${s("expirations.settings")}</a></p>`}bar(){let t=e=>r=>this.narrow({[e]:r.target.value});return n`<div class="filters">
      <label>${s("expirations.byKind")}<select @change=${t("kind")}>
        <option value="" .selected=${!this.filter.kind}>${s("expirations.everyKind")}</option>
        ${B.map(e=>n`<option value=${e} .selected=${e===this.filter.kind}>${o("expirations.kind",e)}</option>`)}
      </select></label>
      <label>${s("expirations.within")}<select @change=${t("within")}>
        ${_.map(e=>n`<option value=${e} .selected=${e===this.filter.within}>${this.span(e)}</option>`)}
      </select></label>
    </div>`}span(t){return t==="3650"?s("expirations.ever"):d("expirations.next",Number(t))}empty(){return n`<div class="empty"><h2>${s("expirations.empty")}</h2><p class="soft">${s("expirations.emptyLead",{span:this.span(this.filter.within)})}</p></div>`}groups(t){let e=Map.groupBy(t.items,u);return n`${C.map(r=>this.group(r,e.get(r)??[],t))}
      ${this.trouble?n`<tenon-problem .problem=${this.trouble}></tenon-problem>`:p}
      ${t.next?n`<div><button type="button" ?disabled=${this.working} @click=${()=>this.more(t)}>${s("action.more")}</button></div>`:p}`}group(t,e,{connectors:r}){return e.length?n`<section class="stack" aria-labelledby=${t}><h2 id=${t}>${s(`expirations.${t}`)}</h2>
      <ul class="rows">${e.map(m=>U(m,r.get(m.connector??""),this.context))}</ul></section>`:p}};l.styles=L,g([k()],l.prototype,"filter",2),l=g([v("tenon-page-expirations")],l);export{l as PageExpirations};
