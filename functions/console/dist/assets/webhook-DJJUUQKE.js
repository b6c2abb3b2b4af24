import{a as L,b as M,c as O,d as U,e as j}from"./chunk-CGHVWE6S.js";import{a as A}from"./chunk-UPVP2YV4.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import{a as I}from"./chunk-CKSWVTGH.js";import"./chunk-NCPHXGPS.js";import"./chunk-CJYD5GVE.js";import{a as f}from"./chunk-FCTDVHXG.js";import"./chunk-TMDCKYPS.js";import{i as C}from"./chunk-HZJM6QYA.js";import{a as S}from"./chunk-PGKVCT5T.js";import{c as T}from"./chunk-TLWH2TIY.js";import"./chunk-VO4CMFWF.js";import{B as w,D as m,G as b,J as $,c as s,g as n,i as g,j as u,k,l as p,m as x,p as E,r as c,s as v}from"./chunk-5Q62QOP6.js";import{a as i}from"./chunk-IZSUZKVX.js";var r=w(),a=class extends g{constructor(){super(...arguments);this.endpoint="";this.working=!1;this.list=new f(this,()=>this.read())}async read(t){let e=await c(this.context.api.GET("/v1/webhook-endpoints/{webhookEndpointId}/deliveries",{params:{path:{webhookEndpointId:this.endpoint},query:{limit:20,cursor:t}}}));return this.cursor=e.nextCursor,e.items??[]}render(){return s`<section class="card stack">
      <div class="head"><h2>${r("webhooks.deliveries")}</h2><button type="button" @click=${()=>this.list.again()}>${r("webhooks.refresh")}</button></div>
      ${this.list.render(t=>t.length?this.table(t):s`<p class="soft">${r("webhooks.deliveriesNone")}</p>`)}
      <tenon-problem .problem=${this.trouble}></tenon-problem>
      ${this.cursor?s`<div><button type="button" ?disabled=${this.working} @click=${()=>this.more()}>${r("action.more")}</button></div>`:n}
    </section>`}table(t){return s`<div class="scroll" tabindex="0" role="region" aria-label=${r("webhooks.deliveries")}><table>
      <thead><tr><th scope="col">${r("webhooks.event")}</th><th scope="col">${r("webhooks.state")}</th><th scope="col">${r("webhooks.answer")}</th><th scope="col">${r("webhooks.attempts")}</th><th scope="col">${r("webhooks.when")}</th></tr></thead>
      <tbody>${t.map(e=>s`<tr>
        <th scope="row">${m("webhooks.event",e.type)}<br><code>${e.resource}</code></th>
        <td>${m("webhooks.delivery",e.state)}</td>
        <td>${e.outcome?m("webhooks.outcome",e.outcome):""} ${e.statusCode??""}</td>
        <td>${e.attempts}${e.nextAttemptAt?s`<br><span class="soft small">${r("webhooks.next",{at:b(e.nextAttemptAt)})}</span>`:n}</td>
        <td>${b(e.createdAt)}</td>
      </tr>`)}</tbody></table></div>`}async more(){this.working=!0,this.trouble=void 0;try{this.list.set([...this.list.value??[],...await this.read(this.cursor)])}catch(t){this.trouble=E(t)}this.working=!1}};a.styles=$,i([k({attribute:!1})],a.prototype,"context",2),i([k()],a.prototype,"endpoint",2),i([p()],a.prototype,"cursor",2),i([p()],a.prototype,"working",2),i([p()],a.prototype,"trouble",2),a=i([u("tenon-webhook-deliveries")],a);var o=w();function y(l){return{url:l.url,description:l.description??"",every:!l.events?.length,events:l.events??[]}}var d=class extends T{constructor(){super(...arguments);this.secret="";this.loaded=new f(this,async()=>{let t=await c(this.context.api.GET("/v1/webhook-endpoints/{webhookEndpointId}",{params:this.at}));return this.form=y(t),this.trouble=void 0,t});this.unsaved=new I(this,()=>!!this.form&&JSON.stringify(this.form)!==JSON.stringify(y(this.loaded.value)));this.save=async t=>{t.preventDefault();let e=await this.change(this.loaded.value,L(this.form));if(!e)return C(this);this.form=y(e),this.context.say(o("state.saved"))}}get at(){return{path:{webhookEndpointId:this.params.id}}}disconnectedCallback(){super.disconnectedCallback(),this.secret=""}render(){return s`<div class="page">
      ${A("/webhooks")}
      ${this.loaded.value?n:s`<h1>${o("webhooks.one")}</h1>`}
      ${this.loaded.render(t=>this.draw(t,this.context.may("settings:write")))}
      ${this.unsaved.render()}
    </div>`}draw(t,e){return s`
      <div class="head"><div><h1>${t.url}</h1><p class="soft">${t.description||o("webhooks.one")}</p></div>${U(t)}</div>
      ${j(t)}
      ${this.secret?O(this.secret,t.previousSecretUntil,()=>this.secret=""):t.previousSecretUntil?s`<p class="note">${o("webhooks.previous",{until:b(t.previousSecretUntil)})}</p>`:n}
      ${e?this.actions(t):n}
      ${e?s`<form class="card" novalidate @submit=${this.save}>
        <h2>${o("webhooks.edit")}</h2>
        ${M(this.form,this.context.tenant==="org",this.trouble,h=>this.form={...this.form,...h})}
        ${this.asking?n:s`<tenon-problem fields .problem=${this.trouble} @reload=${()=>this.loaded.again()}></tenon-problem>`}
        <div><button class="main" type="submit" ?disabled=${this.working||!this.form.every&&!this.form.events.length}>${o("action.save")}</button></div>
      </form>`:n}
      <tenon-webhook-deliveries .context=${this.context} endpoint=${t.id}></tenon-webhook-deliveries>
      ${this.asking==="rotate"?s`<tenon-confirm heading=${o("webhooks.rotate")} .action=${o("webhooks.rotate")} ?working=${this.working} .problem=${this.trouble}
        @confirm=${()=>this.rotate(t)} @close=${()=>this.asking=void 0} @reload=${()=>this.reload()}><p>${o("webhooks.rotateText")}</p></tenon-confirm>`:n}
      ${this.asking==="delete"?s`<tenon-confirm danger heading=${o("webhooks.delete")} .action=${o("action.delete")} ?working=${this.working} .problem=${this.trouble}
        @confirm=${()=>this.erase(t)} @close=${()=>this.asking=void 0} @reload=${()=>this.reload()}><p>${o("webhooks.deleteText")}</p><p class="mono">${t.url}</p></tenon-confirm>`:n}`}actions(t){let e=h=>{this.trouble=void 0,this.asking=h};return s`<div class="bar">
      <button type="button" ?disabled=${this.working} @click=${()=>this.test()}>${o("webhooks.test")}</button>
      <button type="button" ?disabled=${this.working} @click=${()=>this.enable(t)}>${t.enabled?o("webhooks.disable"):o("webhooks.enable")}</button>
      <button type="button" @click=${()=>e("rotate")}>${o("webhooks.rotate")}</button>
      <button type="button" class="danger" @click=${()=>e("delete")}>${o("action.delete")}</button>
    </div>
    <div role="status">${this.tested?s`<p class="note ${this.tested.outcome==="delivered"?"good":"bad"}">${o("webhooks.tested",{ms:this.tested.durationMs})} ${m("webhooks.outcome",this.tested.outcome)} ${this.tested.statusCode??""}</p>`:n}</div>`}async change(t,e){let h=await this.act(()=>c(this.context.api.PATCH("/v1/webhook-endpoints/{webhookEndpointId}",{params:{...this.at,header:{"If-Match":v(t)}},body:e})));return h&&this.loaded.set(h),h}async enable(t){await this.change(t,{enabled:!t.enabled})&&this.context.say(o("state.saved"))}async test(){this.tested=void 0,this.tested=await this.act(()=>c(this.context.api.POST("/v1/webhook-endpoints/{webhookEndpointId}/test",{params:this.at})))}async rotate(t){let e=await this.act(()=>c(this.context.api.POST("/v1/webhook-endpoints/{webhookEndpointId}/rotate",{params:{...this.at,header:{"If-Match":v(t)}}})));if(!e)return;let{secret:h,...q}=e;this.dialog?.close(),this.loaded.set(q),this.secret=h??"",await this.updateComplete,this.renderRoot.querySelector("#secret-title")?.focus()}async erase(t){await this.act(async()=>(await c(this.context.api.DELETE("/v1/webhook-endpoints/{webhookEndpointId}",{params:{...this.at,header:{"If-Match":v(t)}}})),!0))&&(this.form=y(t),this.context.say(o("webhooks.deleted")),this.context.go("/console/settings/webhooks"))}reload(){this.dialog?.close(),this.loaded.again()}};d.styles=[...$,S],i([p()],d.prototype,"form",2),i([p()],d.prototype,"secret",2),i([p()],d.prototype,"tested",2),i([p()],d.prototype,"asking",2),i([x("tenon-confirm")],d.prototype,"dialog",2),d=i([u("tenon-page-webhook")],d);export{d as PageWebhook};
