import{a as G}from"./chunk-OC2YSRZX.js";import"./chunk-LC6CCQKY.js";import"./chunk-PY4BXAH3.js";import{a as P,c as y,d as F}from"./chunk-SLNIWE3O.js";import"./chunk-ZC7CE5OH.js";import"./chunk-6E5TG54K.js";import{a as z}from"./chunk-WVTCTDKO.js";import{a as _}from"./chunk-FZGHSQIP.js";import{c as M}from"./chunk-ADFUJYFR.js";import"./chunk-VEGLVY2K.js";import"./chunk-EMTXUYZT.js";import{B as g,D as b,J as x,a as I,c as i,g as c,i as j,j as w,k as O,l as $,n as L,p as H,r as f,s as U,t as T,u as q}from"./chunk-RCIJWJ5M.js";import{a as d}from"./chunk-IZSUZKVX.js";var S=class{#n=T();#t="";#e;async make(n,e){let{credential:t,...a}=e,o=JSON.stringify(a);if(this.#e&&this.#t===o&&!e.credential)return this.#e;this.#e&&await this.giveUp(n),this.#t!==o&&([this.#n,this.#t]=[T(),o]);try{let r=await f(n.api.POST("/v1/connections",{params:{header:{"Idempotency-Key":this.#n}},body:e}));return this.#e=r.connected?void 0:r,r}catch(r){throw H(r).undecided||(this.#t=""),r}}async giveUp(n){let e=this.#e;if([this.#e,this.#t]=[void 0,""],!e)return;let t={path:{connectionId:e.id}};try{let{connected:a,...o}=await f(n.api.GET("/v1/connections/{connectionId}",{params:t}));a||await f(n.api.DELETE("/v1/connections/{connectionId}",{params:{...t,header:{"If-Match":U(o)}}}))}catch{}}};var p=g();function N(s,n){let e=["details",n?"handoff":"check","done"],t=e.indexOf(s);return i`<ol class="progress" aria-label=${p("add.progress")}>${e.map((a,o)=>i`<li class=${o<t||s==="done"?"done":""} aria-current=${a===s?"step":c}>
    <span class="number" aria-hidden="true">${o<t||s==="done"?"✓":o+1}</span>${b("add.step",a)}</li>`)}</ol>`}function D(s,n,e,t){if(s.templates.length<2)return c;let a=o=>s.connector.authSchemes?.find(r=>r.id===o.authScheme)?.name??o.authScheme;return i`<fieldset ?disabled=${e}><legend>${p("add.template")}</legend>${s.templates.map(o=>i`<label class="check">
    <input type="radio" name="template" value=${o.id} .checked=${o.id===n.id} @change=${()=>t(o.id)} />
    <span>${o.name}<br><span class="small soft">${a(o)}</span></span></label>`)}</fieldset>`}function J(s){return{name:s.querySelector("#name").value.trim(),environment:s.querySelector("#environment").value}}function K(s,n,e){let t=n?.field("/name");return i`
    <div class="field"><label for="name">${p("add.name")}</label>
      <input id="name" maxlength="120" autocomplete="off" aria-required="true" value=${s} ?disabled=${e} aria-invalid=${t?"true":"false"} aria-describedby=${t?"name-help name-wrong":"name-help"} />
      <p class="help" id="name-help">${p("add.nameHelp")}</p>${t?i`<p class="wrong" id="name-wrong">${t}</p>`:c}</div>
    <div class="field"><label for="environment">${p("add.environment")}</label>
      <select id="environment" ?disabled=${e}><option value="production">${p("environment.production")}</option><option value="test">${p("environment.test")}</option></select></div>`}function B(s){if(s.offline)return i`<p class="small">${p("add.offline")}</p>`;let n=s.document?.remedy;return i`<p class="small">${p("add.nothingSaved")} ${n?b("add.remedy",n):""}</p>`}var u=g(),v=class extends j{render(){let n=this.connection;return i`<div class="card stack">
      <div class="bar"><h2>${n.status==="active"?u("add.connected",{name:n.name}):n.name}</h2><tenon-status status=${n.status}></tenon-status></div>
      ${n.account?i`<p>${u("add.account",{account:n.account.name??n.account.id})}</p>`:c}
      ${n.message?i`<p class="note warn" role="alert">${n.message}</p>`:c}
      ${n.reason==="account_required"?i`<tenon-account-choice .context=${this.context} .connection=${n}
        @tenon-account-chosen=${e=>this.dispatchEvent(new CustomEvent("tenon-account-chosen",{detail:e.detail}))}></tenon-account-choice>`:c}
      <p>${n.status==="active"?u("add.now",{environment:b("environment",n.environment)}):n.reason==="no_credential"?u("add.noCredential"):c}</p>
      <div class="bar">
        <a class="button main" href="/console/connections/${n.id}">${u("add.open")}</a>
        <a class="button" href="/console/connectors">${u("nav.connectors")}</a>
        <a href="/console/catalog">${u("add.another")}</a>
      </div>
    </div>`}};v.styles=x,d([O({attribute:!1})],v.prototype,"context",2),d([O({attribute:!1})],v.prototype,"connection",2),v=d([w("tenon-add-result")],v);var m=g(),l=class extends M{constructor(){super(...arguments);this.step="details";this.chosen=new URLSearchParams(location.search).get("template")??"";this.opened=!1;this.creation=new S;this.offer=new _(this,async()=>{let e=this.params.connector,[t,a]=await Promise.all([f(this.context.api.GET("/v1/connectors/{connectorId}",{params:{path:{connectorId:e}}})),q(o=>f(this.context.api.GET("/v1/templates",{params:{query:{connector:e,limit:100,cursor:o}}})))]);return{connector:t,templates:a.filter(o=>P(o,this.context.tenant))}})}template({templates:e}){return e.find(t=>t.id===this.chosen)??e[0]}scheme(e){return e.connector.authSchemes?.find(t=>t.id===this.template(e).authScheme)}async submit(e,{inputs:t,credential:a}){let o=this.scheme(e),r={templateId:this.template(e).id,inputs:t,...J(this.renderRoot)};Object.keys(a).length&&(r.credential=a);let C=y(o),k=r.name&&C&&o.type!=="oauth2_device_code"?new G(m("add.opening",{system:e.connector.name})):void 0,h=await this.act(async()=>{if(!r.name)throw new L("validation_failed",400,{detail:m("add.nameNeeded"),errors:[{pointer:"/name",detail:m("add.nameNeeded")}]});this.step=C?"handoff":"check";let E=await this.creation.make(this.context,r);return{connection:E,handoff:C&&!E.connected?await this.authorize(E):void 0}});if(!h){k?.drop(),this.step="details";return}this.opened=h.handoff?k?.show(h.handoff)??!1:!1,h.handoff||k?.drop(),[this.connection,this.handoff]=[h.connection,h.handoff],h.handoff?await this.focusOn("#handoff"):this.finish(h.connection)}authorize({id:e}){return f(this.context.api.POST("/v1/connections/{connectionId}/authorize",{params:{path:{connectionId:e}},body:{}}))}finish(e){[this.step,this.connection,this.handoff]=["done",e,void 0],e.status==="active"&&this.context.say(m("add.connected",{name:e.name})),this.focusOn("#result")}async cancel(){[this.step,this.handoff,this.connection]=["details",void 0,void 0],await this.creation.giveUp(this.context),await this.focusOn("#form")}async focusOn(e){await this.updateComplete,this.renderRoot.querySelector(e)?.focus()}render(){let e=this.offer.value,t=e?.templates.length?this.scheme(e):void 0;return i`<div class="page">
      <p><a href="/console/catalog">${m("nav.catalog")}</a></p>
      <div class="bar">${z(e?.connector.logo)}<h1>${m("add.title",{system:e?.connector.name??""})}</h1></div>
      ${t?N(this.step,y(t)):c}
      ${this.offer.render(a=>a.templates.length&&this.context.may("connections:write")?this.steps(a):this.nothingToUse(a))}
    </div>`}nothingToUse({connector:e,templates:t}){return i`<div class="empty"><h2>${t.length?m("add.viewer"):m("add.noTemplate")}</h2>
      <a class="button" href="/console/catalog/${e.id}">${m("add.toEntry",{system:e.name})}</a></div>`}steps(e){let{connector:t}=e;return i`<div class="narrow">
      <div id="form" tabindex="-1" ?hidden=${this.step==="done"||!!this.handoff}>${this.form(e)}</div>
      ${this.handoff?i`<div id="handoff" class="card" tabindex="-1"><tenon-handoff .context=${this.context} .connection=${this.connection} .handoff=${this.handoff} ?opened=${this.opened} system=${t.name}
        @tenon-connected=${a=>this.finish(a.detail.connection)} @tenon-cancelled=${()=>this.cancel()}></tenon-handoff></div>`:c}
      ${this.step==="done"?i`<tenon-add-result id="result" tabindex="-1" .context=${this.context} .connection=${this.connection} @tenon-account-chosen=${a=>this.finish(a.detail.connection)}></tenon-add-result>`:c}
    </div>`}form(e){let t=this.scheme(e),a=this.template(e);if(!t)return c;let o=y(t)?m("add.continue",{system:e.connector.name}):m("action.connect");return i`<div class="stack">
      ${this.trouble?i`<tenon-problem .problem=${this.trouble} fields></tenon-problem>${B(this.trouble)}`:c}
      <tenon-schema-form ?credential=${!y(t)} .scheme=${t} .hide=${F(a)} .errors=${this.trouble} ?working=${this.working} label=${o}
        @tenon-submit=${r=>this.submit(e,r.detail)}>
        ${D(e,a,this.working,r=>this.choose(r))}
        ${K(e.connector.name,this.trouble,this.working)}
        <span slot="actions" class="soft small" role="status">${this.working?m(y(t)?"state.working":"add.checking",{system:e.connector.name}):""}</span>
      </tenon-schema-form></div>`}choose(e){this.chosen=e,this.trouble=void 0;let t=new URL(location.href);t.searchParams.set("template",e),history.replaceState(null,"",t)}};l.styles=[...x,I`
    .narrow { max-width: 42rem; display: grid; gap: 1.5rem; }
    .progress { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
    .progress li { display: flex; gap: 0.5rem; align-items: center; color: var(--soft); }
    .progress li[aria-current] { color: var(--ink); font-weight: 650; }
    .progress .number { width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; background: var(--raised); font-size: 0.875rem; }
    .progress li[aria-current] .number, .progress .done .number { background: var(--accent); color: var(--accent-ink); }
    fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 0.6rem; }
    legend { font-weight: 550; font-size: 0.95rem; padding: 0; margin-bottom: 0.6rem; }
  `],d([$()],l.prototype,"step",2),d([$()],l.prototype,"chosen",2),d([$()],l.prototype,"connection",2),d([$()],l.prototype,"handoff",2),d([$()],l.prototype,"opened",2),l=d([w("tenon-page-add")],l);export{l as PageAdd};
