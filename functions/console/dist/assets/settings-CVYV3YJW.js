import{a as q}from"./chunk-UPVP2YV4.js";import{a as O}from"./chunk-CKSWVTGH.js";import"./chunk-NCPHXGPS.js";import"./chunk-CJYD5GVE.js";import{a as A}from"./chunk-FCTDVHXG.js";import{b as x,c as T,e as U,f as D,g as p,h as m,i as M}from"./chunk-HZJM6QYA.js";import{a as F}from"./chunk-PGKVCT5T.js";import{c as I}from"./chunk-TLWH2TIY.js";import{B as f,C as N,J as $,a as b,c as a,g as o,i as E,j as g,k as v,l as H,m as B,r as k,s as j}from"./chunk-5Q62QOP6.js";import{a as n}from"./chunk-IZSUZKVX.js";var h={daysBefore:14,rotationDays:90,staleDays:90};function u(i){let d=i.reminders.rotationDays??0;return{reminders:i.reminders.enabled,days:i.reminders.daysBefore??[],rotation:d===0?"default":d<0?"never":"days",rotationDays:String(d>0?d:h.rotationDays),notices:i.notices,stale:i.stale.days?"days":"never",staleDays:String(i.stale.days||h.staleDays),staleDisable:i.stale.disable??!1,admins:(i.admins??[]).join(`
`),returnUrls:(i.returnUrls??[]).join(`
`)}}function C(i){return{reminders:{enabled:i.reminders,daysBefore:i.days,rotationDays:{default:0,never:-1,days:Number(i.rotationDays)}[i.rotation]},notices:i.notices,stale:i.stale==="days"?{days:Number(i.staleDays),disable:i.staleDisable}:{},admins:p(i.admins),returnUrls:p(i.returnUrls)}}function J(i,d){return[...new Set([...i,d])].sort((t,s)=>s-t)}var y=f(),l=class extends E{constructor(){super(...arguments);this.days=[];this.disabled=!1;this.wrong="";this.key=t=>{t.key==="Enter"&&(t.preventDefault(),this.add())}}render(){let t=this.wrong?"help wrong":"help";return a`<div class="field" role="group" aria-labelledby="title">
      <p id="title"><strong>${y("settings.ladder")}</strong></p>
      ${this.days.length?a`<ul class="chips">${this.days.map(s=>this.step(s))}</ul>`:a`<p class="soft">${y("settings.ladderDefault",{days:h.daysBefore})}</p>`}
      ${this.disabled?o:a`<div class="bar">
        <label for="day" class="quiet">${y("settings.ladderAdd")}</label>
        <input id="day" type="number" min="1" max="365" inputmode="numeric" aria-describedby=${t} aria-invalid=${this.wrong?"true":o} @keydown=${this.key} />
        <button type="button" @click=${()=>this.add()}>${y("settings.ladderAddDays")}</button>
      </div>`}
      <p class="help" id="help">${y("settings.ladderHelp")}</p>
      ${this.wrong?a`<p class="wrong" id="wrong">${this.wrong}</p>`:o}
    </div>`}step(t){let s=N("settings.days",t);return a`<li class="chip">${s}${this.disabled?o:a`
      <button type="button" class="plain" aria-label=${y("settings.ladderRemove",{days:s})} @click=${()=>this.change(this.days.filter(r=>r!==t))}>✕</button>`}</li>`}add(){let t=Math.trunc(this.day.valueAsNumber);this.day.focus(),!(!t||t<0)&&(this.day.value="",this.change(J(this.days,t)))}change(t){this.dispatchEvent(new CustomEvent("change",{detail:t}))}};l.styles=[...$,b`
    .chip { display: inline-flex; align-items: center; gap: 0.25rem; padding-inline-end: 0.2rem; }
    .chip button { min-height: 1.75rem; min-width: 1.75rem; padding: 0; border-radius: 99px; }
    input:not([type='checkbox']) { width: 7rem; }
  `],n([v({attribute:!1})],l.prototype,"days",2),n([v({type:Boolean})],l.prototype,"disabled",2),n([v()],l.prototype,"wrong",2),n([B("#day")],l.prototype,"day",2),l=n([g("tenon-settings-ladder")],l);var e=f(),c=class extends I{constructor(){super(...arguments);this.loaded=new A(this,async()=>{let t=await k(this.context.api.GET("/v1/settings"));return this.form=u(t),this.trouble=void 0,t});this.unsaved=new O(this,()=>this.dirty);this.save=async t=>{t.preventDefault();let[s,r]=[this.loaded.value,this.form],w=await this.act(()=>k(this.context.api.PUT("/v1/settings",{params:{header:{"If-Match":j(s)}},body:C(r)})));if(!w)return M(this);this.loaded.set(w),this.form=u(w),this.context.say(e("state.saved"))}}get dirty(){return!!this.form&&!!this.loaded.value&&JSON.stringify(this.form)!==JSON.stringify(u(this.loaded.value))}render(){return a`<div class="page">
      ${q("")}
      <div><h1>${e("nav.settings")}</h1><p class="soft">${e("settings.lead")}</p></div>
      ${this.loaded.render(()=>this.draw(this.form))}
      ${this.unsaved.render()}
    </div>`}set(t){this.form={...this.form,...t}}draw(t){let s=this.context.may("settings:write");return a`<form novalidate @submit=${this.save}>
      <fieldset ?disabled=${!s}>
        ${this.people(t)} ${this.reminders(t,s)} ${this.stale(t)} ${this.pages(t)}
      </fieldset>
      <tenon-problem fields .problem=${this.trouble} @reload=${()=>this.loaded.again()}></tenon-problem>
      ${s?a`<div class="bar save ${this.dirty?"kept":""}">
        <button class="main" type="submit" ?disabled=${this.working||!this.dirty}>${this.working?e("state.working"):e("action.save")}</button>
        ${this.dirty?a`<button type="button" @click=${()=>this.discard()}>${e("action.discard")}</button><span class="soft small">${e("unsaved.bar")}</span>`:o}
      </div>`:a`<p class="note">${e("settings.readOnly")}</p>`}
    </form>`}people(t){return a`<section class="card stack">
      <h2>${e("settings.people")}</h2>
      ${T({id:"admins",label:e("settings.admins"),help:e("settings.adminsHelp"),value:t.admins,wrong:m(this.trouble,"/admins",p(t.admins)),input:s=>this.set({admins:s})})}
      ${D({id:"notices",label:e("settings.notices"),help:e("settings.noticesHelp"),checked:t.notices,change:s=>this.set({notices:s})})}
    </section>`}reminders(t,s){return a`<section class="card stack">
      <h2>${e("settings.reminders")}</h2>
      ${D({id:"reminders",label:e("settings.remind"),help:e("settings.remindHelp"),checked:t.reminders,change:r=>this.set({reminders:r})})}
      <tenon-settings-ladder .days=${t.days} ?disabled=${!s} wrong=${m(this.trouble,"/reminders/daysBefore",t.days)??""}
        @change=${r=>this.set({days:r.detail})}></tenon-settings-ladder>
      ${U({id:"rotation",label:e("settings.rotation"),help:e("settings.rotationHelp"),value:t.rotation,change:r=>this.set({rotation:r}),options:[["default",e("settings.rotationDefault",{days:h.rotationDays})],["days",e("settings.afterDays")],["never",e("settings.never")]]})}
      ${t.rotation==="days"?x({id:"rotation-days",type:"number",label:e("settings.rotationDays"),value:t.rotationDays,wrong:m(this.trouble,"/reminders/rotationDays",[]),input:r=>this.set({rotationDays:r})}):o}
    </section>`}stale(t){return a`<section class="card stack">
      <h2>${e("settings.stale")}</h2>
      ${U({id:"stale",label:e("settings.staleAfter"),help:e("settings.staleHelp"),value:t.stale,change:s=>this.set({stale:s}),options:[["never",e("settings.never")],["days",e("settings.afterDays")]]})}
      ${t.stale==="days"?a`
        ${x({id:"stale-days",type:"number",label:e("settings.staleDays"),value:t.staleDays,wrong:m(this.trouble,"/stale/days",[]),input:s=>this.set({staleDays:s})})}
        ${D({id:"stale-disable",label:e("settings.staleDisable"),help:e("settings.staleDisableHelp"),checked:t.staleDisable,change:s=>this.set({staleDisable:s})})}`:o}
    </section>`}pages(t){return a`<section class="card stack">
      <h2>${e("settings.returns")}</h2>
      ${T({id:"returns",label:e("settings.returnUrls"),help:e("settings.returnUrlsHelp"),value:t.returnUrls,wrong:m(this.trouble,"/returnUrls",p(t.returnUrls)),input:s=>this.set({returnUrls:s})})}
    </section>`}discard(){this.form=u(this.loaded.value),this.trouble=void 0}};c.styles=[...$,F,b`
    fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: grid; gap: 1.1rem; }
    .save.kept { position: sticky; bottom: 0; padding: 0.9rem 0; background: var(--ground); }
    input, select, textarea, button { scroll-margin-bottom: 6rem; }
  `],n([H()],c.prototype,"form",2),c=n([g("tenon-page-settings")],c);export{c as PageSettings};
