import{a as x,b as e,e as i,g as v,h as b,i as p,j as R,k,m as M,n as q,t as $,u as L,v as w,w as z,x as B,y as C}from"./chunk-DJ73QZDB.js";import{a as n}from"./chunk-OGWJOGQR.js";var g=class extends v{constructor(){super(...arguments);this.status=""}render(){return this.status?e`<span part="badge" class=${this.status}>${j(this.status)}${w("status",this.status)}</span>`:i}};g.styles=[...B,x`
    :host { display: inline-block; }
    span { display: inline-flex; align-items: center; gap: 0.4rem; padding: 0.12rem 0.6rem 0.12rem 0.5rem; border-radius: 99px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
    svg { width: 0.7rem; height: 0.7rem; flex: none; fill: currentColor; }
    .active { color: var(--green); background: var(--green-wash); }
    .degraded { color: var(--amber); background: var(--amber-wash); }
    .disabled { color: var(--slate); background: var(--slate-wash); }
    .pending { color: var(--blue); background: var(--blue-wash); }
  `],n([p()],g.prototype,"status",2),g=n([b("tenon-status")],g);function j(d){let l={active:"M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0",degraded:"M6 .5 12 11.5H0z",disabled:"M1 5h10v2.4H1z"}[d]??"M6 0 12 6 6 12 0 6z";return e`<svg viewBox="0 0 12 12" aria-hidden="true"><path d=${l} /></svg>`}var h=$(),u=class extends v{constructor(){super(...arguments);this.retry=!1;this.fields=!1}render(){let t=this.problem;if(!t)return i;let a=t.document?.requestId,r=t.document?.flows??[],o=this.fields?[]:t.document?.errors??[];return e`<div class="note bad" role="alert">
      <p><strong>${this.sentence(t)}</strong></p>
      ${o.length?e`<ul>${o.map(s=>e`<li><code>${s.pointer}</code> ${s.detail}</li>`)}</ul>`:i}
      ${r.length?e`<p>${h("problem.flows")}</p><ul class="chips">${r.map(s=>e`<li class="chip">${s}</li>`)}</ul>`:i}
      ${a?e`<p class="small soft mono">${h("problem.request",{id:a})}</p>`:i}
      ${t.stale?e`<button type="button" @click=${()=>this.fire("reload")}>${h("action.reload")}</button>`:i}
      ${this.retry&&!t.stale?e`<button type="button" @click=${()=>this.fire("retry")}>${h("action.retry")}</button>`:i}
    </div>`}sentence(t){return t.offline?h("problem.offline"):t.stale?h("problem.stale"):t.document?.detail??(t.status===403?h("problem.forbidden"):h("problem.unexpected"))}fire(t){this.dispatchEvent(new CustomEvent(t))}};u.styles=[...C,x`.note { display: grid; gap: 0.5rem; justify-items: start; }`],n([p({attribute:!1})],u.prototype,"problem",2),n([p({type:Boolean})],u.prototype,"retry",2),n([p({type:Boolean})],u.prototype,"fields",2),u=n([b("tenon-problem")],u);var U=$(),E=class{constructor(l,t){this.host=l;this.fetch=t;this.busy=!1;this.#t=0;this.#e=()=>{this.problem?.offline&&this.again()};l.addController(this)}#t;hostConnected(){window.addEventListener("online",this.#e),this.again()}hostDisconnected(){window.removeEventListener("online",this.#e),this.#t++}#e;async again(){let l=++this.#t;this.busy=!0,this.host.requestUpdate();try{let t=await this.fetch();if(l!==this.#t)return;this.value=t,this.problem=void 0}catch(t){if(l!==this.#t)return;this.problem=k(t)}this.busy=!1,this.host.requestUpdate()}set(l){this.value=l,this.problem=void 0,this.host.requestUpdate()}render(l){let t=this.problem?e`<tenon-problem .problem=${this.problem} retry @retry=${()=>this.again()}></tenon-problem>`:i;return this.value!==void 0?e`${t}${l(this.value)}`:this.problem?e`${t}`:e`<div class="wait"></div><p class="quiet" role="status">${U("state.loading")}</p>`}};function H(d){return d?e`<img class="mark" alt="" src=${`data:image/svg+xml,${encodeURIComponent(d)}`} />`:e`<span class="mark" aria-hidden="true"></span>`}var f=class extends v{constructor(){super(...arguments);this.params={};this.working=!1}static{this.styles=C}async act(t){if(!this.working){this.working=!0,this.trouble=void 0;try{return await t()}catch(a){this.trouble=k(a);return}finally{this.working=!1}}}};n([p({attribute:!1})],f.prototype,"context",2),n([p({attribute:!1})],f.prototype,"params",2),n([p({attribute:!1})],f.prototype,"trouble",2),n([p({attribute:!1})],f.prototype,"working",2);var c=$(),y=class extends f{constructor(){super(...arguments);this.status="";this.chosen={};this.list=new E(this,async()=>{let[t,a]=await Promise.all([q(r=>M(this.context.api.GET("/v1/connections",{params:{query:{limit:100,cursor:r}}}))),M(this.context.api.GET("/v1/connectors"))]);return{connections:t,connectors:new Map((a.items??[]).map(r=>[r.id,r]))}})}render(){return e`<div class="page">
      <div class="head">
        <div><h1>${c("nav.connectors")}</h1><p class="soft">${c("connectors.lead")}</p></div>
        ${this.context.may("connections:write")?e`<a class="button main" href="/console/catalog">${c("action.add")}</a>`:i}
      </div>
      ${this.list.render(t=>t.connections.length?this.cards(t):this.empty())}
    </div>`}empty(){return e`<div class="empty">
      <h2>${c("connectors.empty")}</h2><p class="soft">${c("connectors.emptyLead")}</p>
      ${this.context.may("connections:write")?e`<a class="button main" href="/console/catalog">${c("action.connect")}</a>`:i}
    </div>`}cards({connections:t,connectors:a}){let r=t.filter(s=>!this.status||s.status===this.status),o=Map.groupBy(r,s=>s.connector);return e`${this.filter(t)}
      ${o.size?i:e`<p class="soft">${c("connectors.none")}</p>`}
      <ul class="cards">${[...o].map(([s,m])=>e`<li class="card stack">${this.card(a.get(s),s,m)}</li>`)}</ul>`}filter(t){let a=Map.groupBy(t,o=>o.status),r=(o,s,m)=>e`<button type="button" aria-pressed=${this.status===o}
      class=${this.status===o?"main":""} @click=${()=>this.status=o}>${s} ${m}</button>`;return e`<div class="bar" role="group" aria-label=${c("connectors.summary")}>
      ${r("",c("field.all"),t.length)}
      ${[...a].map(([o,s])=>r(o,w("status",o),s.length))}
    </div>`}card(t,a,r){let o=t?.name??a,s=r.find(m=>m.id===this.chosen[a])??r[0];return e`
      <div class="split"><div class="bar">${H(t?.logo)}<h2>${o}</h2></div><tenon-status status=${s.status}></tenon-status></div>
      <select aria-label=${c("connectors.connection",{connector:o})} @change=${m=>this.chosen={...this.chosen,[a]:m.target.value}}>
        ${r.map(m=>e`<option value=${m.id} .selected=${m.id===s.id}>${m.name} (${w("environment",m.environment)})</option>`)}
      </select>
      <p class="small soft">${s.account?.name??s.account?.id??""} ${s.message??""} ${z(s.since)}</p>
      <div class="split">
        <span class="small soft">${L("connectors.count",r.length)}</span>
        <span class="bar">
          ${r.length>1?e`<a href="/console/connections?connector=${a}">${c("connectors.manageAll")}</a>`:i}
          <a class="button" href="/console/connections/${s.id}" aria-label=${c("connectors.manage",{name:s.name})}>${c("action.manage")}</a>
        </span>
      </div>`}};n([R()],y.prototype,"status",2),n([R()],y.prototype,"chosen",2),y=n([b("tenon-page-connectors")],y);export{y as PageConnectors};
