import{a as f,b as j}from"./chunk-VD77YBM7.js";import{a as S}from"./chunk-RB7VNPHU.js";import{a as x}from"./chunk-FCTDVHXG.js";import{c as E}from"./chunk-TLWH2TIY.js";import{B as h,C as d,D as o,F as y,J as b,a as $,c as n,g as p,j as v,l as k,r as c}from"./chunk-5Q62QOP6.js";import{a as g}from"./chunk-IZSUZKVX.js";var C=["ended","week","month","later"];function u({daysLeft:i}){return i<0?"ended":i<=7?"week":i<=30?"month":"later"}function O({kind:i,resourceId:a,connector:e},t){switch(i){case"client_secret":return t.person.home==="org"&&t.may("tenants:admin")?"/console/organization/templates":void 0;case"signing_key":return t.may("settings:read")?"/console/settings/signing-keys":void 0;case"sunset":return`/console/catalog/${e??a}`;default:return`/console/connections/${a}`}}var w=h(),L=[...b,$`
  .rows { display: grid; gap: 0.6rem; }
  .row { display: grid; grid-template-columns: auto minmax(0, 1fr) 11.5rem 12rem; gap: 0.5rem 1rem; align-items: center; padding: 0.9rem 1.15rem; }
  .what, .when { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.15rem; min-width: 0; overflow-wrap: anywhere; }
  .when { justify-items: start; }
  .left { display: inline-flex; gap: 0.4rem; align-items: center; padding: 0.12rem 0.6rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; color: var(--slate); background: var(--slate-wash); }
  .left.ended, .left.week { color: var(--red); background: var(--red-wash); }
  .left.month { color: var(--amber); background: var(--amber-wash); }
  .do { justify-self: end; }
  @media (max-width: 44rem) { .row { grid-template-columns: auto minmax(0, 1fr); } .when, .do { grid-column: 1 / -1; justify-self: start; } }
`];function U(i,a,e){let t=O(i,e);return n`<li class="card row">
    ${S(a?.logo)}
    <div class="what">
      <h3>${i.name}</h3>
      <p class="small">${o("expirations.kind",i.kind)}${a?` · ${a.name}`:""}${i.environment?` · ${o("environment",i.environment)}`:""}</p>
      <p class="small soft">${w(i.renewal==="automatic"?"expirations.automatic":"expirations.person")}
        ${i.nextReminderAt?w("expirations.reminder",{date:y(i.nextReminderAt)}):""}</p>
    </div>
    <div class="when"><time datetime=${i.date}>${y(i.date)}</time>${T(i)}</div>
    <div class="do">${t&&i.remedy?n`<a class="button" href=${t} aria-label="${o("expirations.remedy",i.remedy)}: ${i.name}">${o("expirations.remedy",i.remedy)}</a>`:i.remedy?n`<span class="small soft">${o("expirations.remedy",i.remedy)}</span>`:p}</div>
  </li>`}function T(i){let a=i.renewal==="automatic"?"later":u(i),e=i.daysLeft<0?d("expirations.past",-i.daysLeft):i.daysLeft===0?w("expirations.today"):d("expirations.left",i.daysLeft),t={ended:"✕",week:"!",month:"△",later:"○"}[a];return n`<span class="left ${a}"><span aria-hidden="true">${t}</span>${e}</span>`}var s=h(),B=["credential","certificate","refresh_token","client_secret","signing_key","sunset","rotation"],_=["30","90","180","365","3650"],M="90",l=class extends E{constructor(){super(...arguments);this.filter={kind:f("kind"),within:_.includes(f("within"))?f("within"):M};this.list=new x(this,async()=>{let[e,t]=await Promise.all([this.read(),this.list.value?void 0:c(this.context.api.GET("/v1/connectors"))]);return{...e,connectors:t?new Map((t.items??[]).map(r=>[r.id,r])):this.list.value.connectors}});this.settings=new x(this,async()=>this.context.may("settings:read")?c(this.context.api.GET("/v1/settings")):null)}async read(e){let t=[],r=e;do{let m=await c(this.context.api.GET("/v1/expirations",{params:{query:{limit:50,cursor:r,withinDays:Number(this.filter.within),kind:this.filter.kind||void 0}}}));t.push(...m.items??[]),r=m.nextCursor}while(r&&!t.length);return{items:t,next:r}}async more(e){let t=await this.act(()=>this.read(e.next));t&&this.list.set({...e,items:[...e.items,...t.items],next:t.next})}narrow(e){this.filter={...this.filter,...e},j({kind:this.filter.kind,within:this.filter.within===M?"":this.filter.within}),this.list.again()}render(){return n`<div class="page">
      <div><h1>${s("nav.expirations")}</h1><p class="soft">${s("expirations.lead")}</p></div>
      ${this.settings.value?this.reminders(this.settings.value):p}
      ${this.bar()}
      ${this.list.render(e=>e.items.length?this.groups(e):this.empty())}
    </div>`}reminders({reminders:e}){let t=e.daysBefore?.length?e.daysBefore:[14];return n`<p class="note ${e.enabled?"":"warn"}">${e.enabled?s("expirations.remindersOn",{days:t.join(", ")}):s("expirations.remindersOff")}
      <a href="/console/settings">${s("expirations.settings")}</a></p>`}bar(){let e=t=>r=>this.narrow({[t]:r.target.value});return n`<div class="filters">
      <label>${s("expirations.byKind")}<select @change=${e("kind")}>
        <option value="" .selected=${!this.filter.kind}>${s("expirations.everyKind")}</option>
        ${B.map(t=>n`<option value=${t} .selected=${t===this.filter.kind}>${o("expirations.kind",t)}</option>`)}
      </select></label>
      <label>${s("expirations.within")}<select @change=${e("within")}>
        ${_.map(t=>n`<option value=${t} .selected=${t===this.filter.within}>${this.span(t)}</option>`)}
      </select></label>
    </div>`}span(e){return e==="3650"?s("expirations.ever"):d("expirations.next",Number(e))}empty(){return n`<div class="empty"><h2>${s("expirations.empty")}</h2><p class="soft">${s("expirations.emptyLead",{span:this.span(this.filter.within)})}</p></div>`}groups(e){let t=Map.groupBy(e.items,u);return n`${C.map(r=>this.group(r,t.get(r)??[],e))}
      ${this.trouble?n`<tenon-problem .problem=${this.trouble}></tenon-problem>`:p}
      ${e.next?n`<div><button type="button" ?disabled=${this.working} @click=${()=>this.more(e)}>${s("action.more")}</button></div>`:p}`}group(e,t,{connectors:r}){return t.length?n`<section class="stack" aria-labelledby=${e}><h2 id=${e}>${s(`expirations.${e}`)}</h2>
      <ul class="rows">${t.map(m=>U(m,r.get(m.connector??""),this.context))}</ul></section>`:p}};l.styles=L,g([k()],l.prototype,"filter",2),l=g([v("tenon-page-expirations")],l);export{l as PageExpirations};
