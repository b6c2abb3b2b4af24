import{a as B}from"./chunk-RB7VNPHU.js";import{a as k}from"./chunk-FCTDVHXG.js";import{c as C}from"./chunk-TLWH2TIY.js";import{B as f,D as p,J as j,a as E,c as o,g as a,j as b,k as u,l as $,m as T,r as l,s as x,u as P}from"./chunk-5Q62QOP6.js";import{a as c}from"./chunk-IZSUZKVX.js";async function J({api:e,may:i}){if(!i("connections:read"))return{connectors:new Map,connections:new Map};let[t,n]=await Promise.all([l(e.GET("/v1/connectors")),P(s=>l(e.GET("/v1/connections",{params:{query:{limit:100,cursor:s}}})))]);return{connectors:new Map((t.items??[]).map(s=>[s.id,s])),connections:new Map(n.map(s=>[s.id,s]))}}function D({api:e},i){return l(e.GET("/v1/flows/{flowId}",{params:{path:{flowId:i}}}))}function L({api:e},i,t){return P(n=>l(e.GET("/v1/flows/{flowId}/bindings/{slot}/candidates",{params:{path:{flowId:i,slot:t},query:{limit:100,cursor:n}}})),500)}function I(e){let i=["source","destination"],t=e.bindings??[];return e.kind==="sync"?[...t].sort((n,s)=>i.indexOf(n.slot)-i.indexOf(s.slot)):t}var v=f();function m(e){return p("flows.slot",e)}function F(e){return o`<span class="chip">${p("flows.state",e.state)}</span>`}function q(e){return e.ready===void 0?a:e.ready?o`<p class="small soft">${v("flows.ready")}</p>`:o`<div class="note warn small"><p><strong>${v(e.state==="active"?"flows.notReadyActive":"flows.notReady")}</strong></p>
    <ul>${R(e).map(i=>o`<li>${i}</li>`)}</ul></div>`}function R(e){let i=I(e).flatMap(t=>{let n=m(t.slot);return t.connectionId?t.status?t.status==="active"?[]:[v("flows.why.status",{slot:n,status:p("status",t.status)})]:[v("flows.why.gone",{slot:n})]:[v("flows.why.unbound",{slot:n})]});return i.length?i:[v("flows.why.other")]}var z=[...j,E`
  :host { min-width: 0; }
  .slot { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.6rem; align-content: start; height: 100%; padding: 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--ground); }
  .label { font-weight: 600; }
  .who { font-weight: 600; }
  .who > span { min-width: 0; overflow-wrap: anywhere; }
  .who .mark { width: 2rem; height: 2rem; }
  .foot { min-height: 2.5rem; overflow-wrap: anywhere; }
  .shown { overflow-wrap: anywhere; }
  .dropdown { position: relative; }
  #switch { width: 100%; justify-content: space-between; text-align: start; overflow-wrap: anywhere; }
  #list {
    position: absolute; inset: calc(100% + 0.3rem) 0 auto 0; z-index: 1; min-width: min(20rem, 100%); padding: 0.4rem;
    display: grid; gap: 0.3rem; background: var(--card); border: 1px solid var(--edge); border-radius: var(--radius); box-shadow: 0 12px 36px rgb(0 0 0 / 0.25);
  }
  .choice { width: 100%; display: flex; justify-content: space-between; gap: 0.75rem; align-items: center; text-align: start; border-color: transparent; background: none; font-weight: 500; overflow-wrap: anywhere; }
  a.choice { padding: 0.5rem 0.95rem; border-top: 1px solid var(--line); background: var(--card); color: var(--accent); }
  .choice:hover { background: var(--raised); }
  .choice[aria-current] { background: var(--accent-wash); }
  @media (forced-colors: active) { .choice[aria-current] { border-color: Highlight; } }
  .refused { padding: 0.4rem 0.95rem; color: var(--soft); overflow-wrap: anywhere; }
  .none { padding: 0.3rem 0.95rem; }
`],N=[...j,E`
  .sync { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); gap: 1rem; align-items: stretch; }
  .arrow { align-self: center; font-size: 1.5rem; color: var(--soft); }
  .places { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); align-items: start; }
  .steps { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
  .example { max-width: 100%; white-space: pre-wrap; text-align: start; padding: 1rem; border-radius: var(--radius); background: var(--raised); font: 0.85rem/1.5 var(--mono); }
  @media (max-width: 40rem) {
    .sync { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
    .arrow { justify-self: center; transform: rotate(90deg); }
  }
`];var w=f(),_=8;function S(e){let i=e.found.filter(s=>s.name.toLowerCase().includes(e.search.toLowerCase())),[t,n]=[i.filter(s=>s.fits),i.filter(s=>!s.fits)];return o`
    ${e.found.length>_?o`<input type="search" aria-label=${w("action.search")} placeholder=${w("action.search")} .value=${e.search} @input=${s=>e.look(s.target.value)} />`:a}
    ${t.length?o`<ul>${t.map(s=>o`<li>${O(e,s)}</li>`)}</ul>`:o`<p class="small soft none">${w("flows.noneFits")}</p>`}
    ${e.paused&&e.binding.connectionId?o`<button type="button" class="choice" @click=${()=>e.choose(void 0)}>${w("flows.leaveEmpty")}</button>`:a}
    ${n.length?o`<p class="small soft none">${w("flows.others")}</p><ul>${n.map(s=>o`<li class="refused">${V(s)}</li>`)}</ul>`:a}
    ${e.connect?o`<a class="choice" href="/console/add/${e.binding.connector}">${w("flows.another")}</a>`:a}`}function O(e,i){let t=i.connectionId===e.binding.connectionId;return o`<button type="button" class="choice" aria-current=${t?"true":a} @click=${()=>e.choose(i)}>
    <span>${t?o`<span aria-hidden="true">✓ </span>`:a}${i.name}<span class="small soft">${G(i)}</span></span>
    <tenon-status status=${i.status}></tenon-status>
  </button>`}function V(e){let i=e.refusal?.missingScopes??[],t=!e.organization&&e.refusal?.remedy;return o`<p>${e.name}<span class="small soft">${G(e)}</span></p>
    <p class="small">${e.refusal?K(e.refusal):""} ${i.map(n=>o`<code>${n}</code> `)}
      ${t?o`<a href="/console/connections/${e.connectionId}" aria-label="${p("remedy",t)}: ${e.name}">${p("remedy",t)}</a>`:a}</p>`}function G(e){return[e.environment&&e.environment!=="production"?p("environment",e.environment):"",e.organization?w("flows.shared"):""].filter(Boolean).map(t=>` · ${t}`).join("")}function K({code:e,remedy:i,detail:t}){let n=e==="not_connected"?`${e}_${i}`:e,s=p("flows.refusal",n);return s===n.replaceAll("_"," ")?t:s}var r=f(),d=class extends C{constructor(){super(...arguments);this.open=!1;this.search="";this.candidates=new k(this,async()=>this.open||this.binding.organization?L(this.context,this.flow.flowId,this.binding.slot):null);this.outside=t=>{this.open&&!t.composedPath().includes(this)&&(this.open=!1)}}connectedCallback(){super.connectedCallback(),document.addEventListener("pointerdown",this.outside)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("pointerdown",this.outside)}updated(t){t.has("flow")&&t.get("flow")&&this.open&&this.candidates.again()}toggle(){this.open=!this.open,this.search="",this.open&&this.candidates.again()}close(){this.open=!1,this.button?.focus()}name(t){return t?this.directory.connections.get(t)?.name??this.candidates.value?.find(n=>n.connectionId===t)?.name??r(this.binding.status?"flows.unnamed":"flows.gone"):r("flows.nothing")}choose(t){this.close(),(t?.connectionId??"")!==(this.binding.connectionId??"")&&(t&&this.flow.state==="active"?this.wanted=t:this.bind(t))}async bind(t){this.wanted=void 0;let{flowId:n,name:s}=this.flow,h=await this.act(()=>l(this.context.api.PUT("/v1/flows/{flowId}/bindings/{slot}",{params:{path:{flowId:n,slot:this.binding.slot},header:{"If-Match":x(this.flow)}},body:{connectionId:t?.connectionId??""}})));if(!h)return;let y={flow:s,slot:m(this.binding.slot),connection:t?.name??""};this.context.say(r(t?"flows.switched":"flows.emptied",y)),this.dispatchEvent(new CustomEvent("changed",{detail:h}))}reload(){this.trouble=void 0,this.dispatchEvent(new CustomEvent("reload"))}render(){let t=this.binding,n=this.directory.connectors.get(t.connector);return o`<section class="slot" aria-label="${m(t.slot)}: ${this.name(t.connectionId)}">
      <p class="small soft label">${m(t.slot)}</p>
      <div class="bar who">${B(n?.logo)}<span>${n?.name??t.connector}</span></div>
      ${this.context.may("flows:write")?this.dropdown():o`<p class="shown">${this.name(t.connectionId)}</p>`}
      <div class="split foot">
        ${t.connectionId?o`<tenon-status status=${t.status??""}></tenon-status>`:o`<span class="small soft">${r("flows.unbound")}</span>`}
        ${this.link()}
      </div>
      ${this.working?o`<p class="small" role="status">${r("state.working")}</p>`:a}
      ${this.trouble?o`<tenon-problem .problem=${this.trouble} @reload=${()=>this.reload()}></tenon-problem>`:a}
      ${this.wanted?this.question(this.wanted):a}
    </section>`}link(){let{connectionId:t,connector:n,organization:s,status:h}=this.binding;return t&&h?s?o`<span class="small soft">${r("flows.shared")}</span>`:o`<a class="small" href="/console/connections/${t}" aria-label="${r("action.manage")}: ${this.name(t)}">${r("action.manage")}</a>`:this.context.may("connections:write")?o`<a class="button main" href="/console/add/${n}" aria-label="${r("action.connect")}: ${m(this.binding.slot)}">${r("action.connect")}</a>`:a}dropdown(){let{slot:t,connectionId:n}=this.binding;return o`<div class="dropdown" @keydown=${s=>{s.key==="Escape"&&this.open&&(s.stopPropagation(),this.close())}}
      @focusout=${s=>{s.relatedTarget&&!this.renderRoot.contains(s.relatedTarget)&&(this.open=!1)}}>
      <button id="switch" type="button" aria-expanded=${this.open} aria-controls="list" ?disabled=${this.working} @click=${()=>this.toggle()}>
        <span><span class="quiet">${r("flows.choose",{slot:m(t)})}: </span>${this.name(n)}</span><span aria-hidden="true">▾</span>
      </button>
      <div id="list" role="group" aria-label=${r("flows.choose",{slot:m(t)})} ?hidden=${!this.open}>${this.open?this.list():a}</div>
    </div>`}list(){return this.candidates.render(t=>t?S({found:t,search:this.search,binding:this.binding,paused:this.flow.state==="paused",connect:this.context.may("connections:write"),choose:n=>this.choose(n),look:n=>this.search=n}):a)}question(t){let n={flow:this.flow.name,slot:m(this.binding.slot),from:this.name(this.binding.connectionId),to:t.name};return o`<tenon-dialog heading=${r("flows.ask",n)} @close=${()=>this.wanted=void 0}>
      <div class="stack"><p>${r("flows.askLead",n)}</p>
        <div class="bar"><button class="main" type="button" @click=${()=>this.bind(t)}>${r("flows.askYes")}</button>
          <button type="button" @click=${()=>this.wanted=void 0}>${r("action.cancel")}</button></div></div>
    </tenon-dialog>`}};d.styles=z,c([u({attribute:!1})],d.prototype,"flow",2),c([u({attribute:!1})],d.prototype,"binding",2),c([u({attribute:!1})],d.prototype,"directory",2),c([$()],d.prototype,"open",2),c([$()],d.prototype,"search",2),c([$()],d.prototype,"wanted",2),c([T("#switch")],d.prototype,"button",2),d=c([b("tenon-flow-slot")],d);function H({context:e,flow:i,directory:t,changed:n,reload:s}){let h=I(i).map(y=>o`<tenon-flow-slot .context=${e} .flow=${i} .binding=${y} .directory=${t}
    @changed=${A=>n(A.detail)} @reload=${s}></tenon-flow-slot>`);return i.kind!=="sync"?o`<div class="steps">${h}</div>`:o`<div class="sync">${h[0]??a}<span class="arrow" aria-hidden="true">⇄</span>${h[1]??a}</div>`}var M=f();async function U(e,i){let{flowId:t}=i,n=i.state==="active"?"paused":"active",s=await l(e.context.api.PATCH("/v1/flows/{flowId}",{params:{path:{flowId:t},header:{"If-Match":x(i)}},body:{state:n}}));return e.context.say(M(n==="active"?"flows.activated":"flows.paused",{flow:i.name})),s}var g=class extends C{constructor(){super(...arguments);this.flow=new k(this,()=>D(this.context,this.listed.flowId))}async toggle(t){let n=await this.act(()=>U(this,t));n&&this.flow.set(n)}reload(){this.trouble=void 0,this.flow.again()}render(){return o`<article class="card stack" aria-label=${this.listed.name}>${this.flow.render(t=>this.card(t))}</article>`}card(t){return o`<div class="head">
        <div class="bar"><h2><a href="/console/flows/${t.flowId}">${t.name}</a></h2>${F(t)}</div>
        ${this.context.may("flows:write")?o`<button type="button" ?disabled=${this.working} aria-label="${M(t.state==="active"?"flows.pause":"flows.activate")}: ${t.name}"
          @click=${()=>this.toggle(t)}>${M(t.state==="active"?"flows.pause":"flows.activate")}</button>`:a}
      </div>
      ${this.trouble?o`<tenon-problem .problem=${this.trouble} @reload=${()=>this.reload()}></tenon-problem>`:a}
      ${H({context:this.context,flow:t,directory:this.directory,changed:n=>{this.trouble=void 0,this.flow.set(n)},reload:()=>this.reload()})}
      ${q(t)}`}};g.styles=N,c([u({attribute:!1})],g.prototype,"listed",2),c([u({attribute:!1})],g.prototype,"directory",2),g=c([b("tenon-flow-card")],g);export{J as a,D as b,I as c,m as d,F as e,q as f,N as g,H as h,U as i};
