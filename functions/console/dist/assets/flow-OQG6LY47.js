import{a as y,b as k,c as x,d as S,e as I,f as A,g as E,h as D,i as F}from"./chunk-K6XSJOKD.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import"./chunk-RB7VNPHU.js";import"./chunk-CJYD5GVE.js";import{a as $}from"./chunk-FCTDVHXG.js";import{c as b}from"./chunk-TLWH2TIY.js";import"./chunk-VO4CMFWF.js";import{B as h,D as p,G as l,c as s,g as o,j as v,l as g,r as m,s as f}from"./chunk-5Q62QOP6.js";import{a as u}from"./chunk-IZSUZKVX.js";var i=h();function j(a,{connectors:r}){return s`<section class="stack" aria-labelledby="accepts"><h2 id="accepts">${i("flows.accepts")}</h2>
    <div class="places">${x(a).map(t=>s`<div class="card stack"><h3>${S(t.slot)}</h3>
      <dl class="facts">
        <dt>${i("flows.connector")}</dt><dd>${r.get(t.connector)?.name??t.connector}</dd>
        <dt>${i("flows.environments")}</dt><dd>${(t.environments??[]).map(e=>p("environment",e)).join(", ")}</dd>
        <dt>${i("flows.template")}</dt><dd>${t.template?s`<code>${t.template}</code>`:i("flows.anyTemplate")}</dd>
        <dt>${i("flows.scopes")}</dt><dd>${t.scopes?.length?s`<ul class="chips">${t.scopes.map(e=>s`<li class="chip mono">${e}</li>`)}</ul>`:i("flows.noScopes")}</dd>
        ${T(t)}
      </dl></div>`)}</div>
  </section>`}function T(a){return a.boundAt?s`<dt>${i("flows.boundAt")}</dt><dd>${l(a.boundAt)}${a.boundBy?`, ${a.boundBy}`:""}</dd>`:o}function B(a,r,t){return s`<section class="card stack" aria-labelledby="recent">
    <div class="split"><h2 id="recent">${i("flows.recent")}</h2><a href="/console/audit?resource=${a.flowId}">${i("flows.wholeAudit")}</a></div>
    ${r.length?s`<ul class="stack">${r.map(e=>s`<li class="small"><code>${e.action}</code> ${e.outcome==="denied"?s`<strong>${i("flows.denied")}</strong> `:o}${C(e,t)}
      <br /><span class="soft">${l(e.at)} · ${e.actor}</span></li>`)}</ul>`:s`<p class="soft">${i("state.none")}</p>`}
  </section>`}function C(a,{connections:r}){let t=Object.entries(a.facts??{}).filter(([,e])=>e);return t.length?s`<span class="soft">${t.map(([e,d])=>`${e}: ${r.get(d)?.name??d}`).join(" · ")}</span>`:o}var n=h(),c=class extends b{constructor(){super(...arguments);this.shown=new $(this,async()=>{let[t,e]=await Promise.all([k(this.context,this.flowId),y(this.context)]);return{flow:t,directory:e}});this.entries=new $(this,async()=>this.context.may("audit:read")?(await m(this.context.api.GET("/v1/audit",{params:{query:{resource:this.flowId,limit:10}}}))).items??[]:[])}get flowId(){return decodeURIComponent(this.params.id??"")}show(t){this.trouble=void 0,this.asking=void 0,this.shown.value&&this.shown.set({...this.shown.value,flow:t}),this.entries.again()}reload(){this.trouble=void 0,this.asking=void 0,this.shown.again()}async toggle(t){let e=await this.act(()=>F(this,t));e&&this.show(e)}async rename(t,e){t.preventDefault();let d=String(new FormData(t.target).get("name")).trim(),w=await this.act(()=>m(this.context.api.PATCH("/v1/flows/{flowId}",{params:{path:{flowId:e.flowId},header:{"If-Match":f(e)}},body:{name:d}})));w&&(this.context.say(n("state.saved")),this.show(w))}async drop(t){await this.act(async()=>(await m(this.context.api.DELETE("/v1/flows/{flowId}",{params:{path:{flowId:t.flowId},header:{"If-Match":f(t)}}})),!0))&&(this.context.say(n("flows.deleted",{flow:t.name})),this.context.go("/console/flows"))}render(){return s`<div class="page">
      <p><a href="/console/flows">${n("flows.all")}</a></p>
      ${this.shown.value?o:s`<h1>${n("nav.flows")}</h1>`}
      ${this.shown.render(t=>this.page(t))}
    </div>`}page({flow:t,directory:e}){return s`<div class="head">
        <div class="bar"><h1>${t.name}</h1>${I(t)}</div>
        ${this.context.may("flows:write")?this.buttons(t):o}
      </div>
      ${this.trouble&&!this.asking?this.problem():o}
      ${A(t)}
      <div class="card">${D({context:this.context,flow:t,directory:e,changed:d=>this.show(d),reload:()=>this.reload()})}</div>
      <dl class="facts card">
        <dt>${n("flows.id")}</dt><dd class="mono">${t.flowId}</dd>
        <dt>${n("flows.kind")}</dt><dd>${p("flows.kind",t.kind)}</dd>
        <dt>${n("flows.createdAt")}</dt><dd>${l(t.createdAt)}, ${t.createdBy}</dd>
        <dt>${n("flows.updatedAt")}</dt><dd>${l(t.updatedAt)}</dd>
      </dl>
      ${j(t,e)}
      ${this.context.may("audit:read")?this.entries.render(d=>B(t,d,e)):o}
      ${this.asking==="rename"?this.renaming(t):o}
      ${this.asking==="delete"?this.deleting(t):o}`}problem(){return s`<tenon-problem .problem=${this.trouble} @reload=${()=>this.reload()}></tenon-problem>`}buttons(t){let e=d=>{this.trouble=void 0,this.asking=d};return s`<div class="bar">
      <button type="button" class=${t.state==="active"?"":"main"} ?disabled=${this.working} @click=${()=>this.toggle(t)}>${n(t.state==="active"?"flows.pause":"flows.activate")}</button>
      <button type="button" @click=${()=>e("rename")}>${n("flows.rename")}</button>
      <button type="button" class="danger" @click=${()=>e("delete")}>${n("action.delete")}</button>
    </div>`}renaming(t){return s`<tenon-dialog heading=${n("flows.rename")} @close=${()=>this.asking=void 0}>
      <form @submit=${e=>this.rename(e,t)}>
        <div class="field"><label for="name">${n("flows.name")}</label><input id="name" name="name" required maxlength="120" .value=${t.name} autocomplete="off" /></div>
        ${this.trouble?this.problem():o}
        <div class="bar"><button class="main" ?disabled=${this.working}>${n("action.save")}</button>
          <button type="button" @click=${()=>this.asking=void 0}>${n("action.cancel")}</button></div>
      </form>
    </tenon-dialog>`}deleting(t){return s`<tenon-dialog heading=${n("flows.delete",{flow:t.name})} @close=${()=>this.asking=void 0}>
      <div class="stack"><p>${n(t.state==="active"?"flows.deleteActive":"flows.deletePaused")}</p>
        ${this.trouble?this.problem():o}
        <div class="bar"><button class="danger" type="button" ?disabled=${this.working} @click=${()=>this.drop(t)}>${n("action.delete")}</button>
          <button type="button" @click=${()=>this.asking=void 0}>${n("action.cancel")}</button></div></div>
    </tenon-dialog>`}};c.styles=E,u([g()],c.prototype,"asking",2),c=u([v("tenon-page-flow")],c);export{c as PageFlow};
