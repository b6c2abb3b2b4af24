import"./chunk-IPZL3F5A.js";import"./chunk-YFYXEXXN.js";import{a as q,b as K}from"./chunk-SLNIWE3O.js";import"./chunk-5O67ASPB.js";import{a as L}from"./chunk-RB7VNPHU.js";import{a as A}from"./chunk-FCTDVHXG.js";import{c as x}from"./chunk-TLWH2TIY.js";import"./chunk-VU3WWJYJ.js";import"./chunk-VO4CMFWF.js";import{B as g,D as f,F as w,J as T,a as I,c as n,g as r,j as k,k as C,l as b,n as j,r as v,t as S,u as E}from"./chunk-5Q62QOP6.js";import{a as h}from"./chunk-IZSUZKVX.js";var P=/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https:\/\/[^\s()]+)\)/g,O=/^\s*(?:[-*]|\d+\.)\s+/;function M(a){return a.split(/\n\s*\n/).filter(s=>s.trim()).map(W)}function W(a){let s=a.trim().split(`
`);if(!s.every(e=>O.test(e)))return n`<p>${G(s.join(" "))}</p>`;let t=s.map(e=>n`<li>${G(e.replace(O,""))}</li>`);return/^\s*\d/.test(s[0])?n`<ol class="listed">${t}</ol>`:n`<ul class="listed">${t}</ul>`}function G(a){let s=[],t=0;for(let e of a.matchAll(P)){let[i,o,m,p,y]=e;s.push(a.slice(t,e.index),o?n`<code>${o}</code>`:m?n`<strong>${m}</strong>`:n`<a href=${y} target="_blank" rel="noopener noreferrer">${p}</a>`),t=e.index+i.length}return[...s,a.slice(t)||r]}var l=g();function R(a,s){return s?.length?n`<section class="stack"><h2>${a}</h2>${U(s)}</section>`:r}function U(a){return n`<ol class="steps stack">${a.map(s=>n`<li><strong>${s.title}</strong>${M(s.text)}
    ${s.url?.startsWith("https://")?n`<p class="small"><a href=${s.url} target="_blank" rel="noopener noreferrer">${l("catalog.page",{title:s.title})}</a></p>`:r}</li>`)}</ol>`}function _(a){return n`<section class="stack"><h2>${l("catalog.schemes")}</h2>${(a.authSchemes??[]).map(D)}</section>`}function D(a){let s=[...a.inputs??[],...a.fields??[]];return n`<div class="card stack">
    <div class="split"><h3>${a.name}</h3><span class="chip">${f("catalog.scheme",a.type)}</span></div>
    ${s.length?n`<p class="small"><span class="soft">${l("catalog.asks")}</span> ${s.map(t=>t.title).join(", ")}</p>`:r}
    ${a.scopes?.length?J(a):r}
    ${a.rotation?.length?n`<details><summary>${l("catalog.rotation")}</summary>${U(a.rotation)}</details>`:r}
  </div>`}function J(a){return n`<details><summary>${l("catalog.scopes",{count:a.scopes.length})}</summary><div class="scroll" role="region" aria-label=${l("catalog.scopesOf",{name:a.name})} tabindex="0"><table>
    <thead><tr><th scope="col">${l("catalog.scope")}</th><th scope="col">${l("catalog.meaning")}</th><th scope="col">${l("catalog.need")}</th></tr></thead>
    <tbody>${a.scopes.map(s=>n`<tr><th scope="row"><code>${s.name}</code></th><td>${s.description??""}</td><td>${s.required?l("catalog.required"):l("field.optional")}</td></tr>`)}</tbody>
  </table></div></details>`}function H(a){return(a.sunsets??[]).map(s=>n`<div class="note warn stack">
    <p><strong>${l(Date.parse(s.date)>Date.now()?"catalog.sunset":"catalog.sunsetPast",{date:w(s.date)})}</strong> ${s.what}</p>
    ${s.action?n`<p>${s.action}</p>`:r}
    ${s.source?.startsWith("https://")?n`<p class="small"><a href=${s.source} target="_blank" rel="noopener noreferrer">${l("catalog.source")}</a></p>`:r}
  </div>`)}var d=g(),u=class extends x{constructor(){super(...arguments);this.taken=[];this.chosen="";this.attempt={key:S(),of:""}}get scheme(){let t=this.connector.authSchemes??[];return t.find(e=>e.id===this.chosen)??t[0]}get stableKey(){let t=this.connector.id;for(let e=2;this.taken.includes(t);e++)t=`${this.connector.id}-${e}`;return t}async make({inputs:t,credential:e}){let i=this.renderRoot.querySelector("#name").value.trim(),o={connector:this.connector.id,name:i,stableKey:this.stableKey,authScheme:this.scheme.id,inputs:t,...e.clientId?{clientId:e.clientId}:{}},m=await this.act(async()=>{if(!i)throw new j("validation_failed",400,{detail:d("catalog.nameNeeded")});return this.attempt.of!==JSON.stringify(o)&&(this.attempt={key:S(),of:JSON.stringify(o)}),v(this.context.api.POST("/v1/templates",{params:{header:{"Idempotency-Key":this.attempt.key}},body:e.clientSecret?{...o,clientSecret:e.clientSecret}:o}))});m?this.dispatchEvent(new CustomEvent("tenon-template-made",{detail:{template:m}})):this.trouble?.undecided||(this.attempt={key:S(),of:""})}render(){let{scheme:t}=this,e=this.connector.authSchemes??[];if(!t)return r;let i=this.trouble&&B(this.trouble);return n`<div class="stack"><tenon-schema-form credential .scheme=${z(t)} .errors=${i} ?working=${this.working} label=${d("catalog.make")}
        @tenon-submit=${o=>this.make(o.detail)}>
      <div class="field"><label for="name">${d("catalog.name")}</label><input id="name" maxlength="120" autocomplete="off" aria-required="true" .value=${this.connector.name} ?disabled=${this.working} /></div>
      ${e.length>1?n`<div class="field"><label for="scheme">${d("catalog.authScheme")}</label>
        <select id="scheme" ?disabled=${this.working} @change=${o=>this.chosen=o.target.value}>
          ${e.map(o=>n`<option value=${o.id} .selected=${o.id===t.id}>${o.name}</option>`)}
        </select></div>`:r}
      <p class="small soft">${N(t)?d("catalog.clientLead"):d("catalog.staticLead")}</p>
    </tenon-schema-form>
    ${i?n`<tenon-problem fields .problem=${i}></tenon-problem>`:r}</div>`}};h([C({attribute:!1})],u.prototype,"connector",2),h([C({attribute:!1})],u.prototype,"taken",2),h([b()],u.prototype,"chosen",2),u=h([k("tenon-template-form")],u);function N(a){return a.type.startsWith("oauth")&&!a.fields?.length}function z(a){let s=(a.inputs??[]).map(e=>({...e,optional:!e.global||!!e.default,default:void 0,placeholder:e.placeholder??e.default})),t=[{name:"clientId",title:d("catalog.clientId"),type:"text"},{name:"clientSecret",title:d("catalog.clientSecret"),type:"secret",secret:!0,optional:!0,help:d("catalog.clientSecretHelp")}];return{...a,inputs:s,fields:N(a)?t:[]}}function B(a){let s=(a.document?.errors??[]).map(t=>({...t,pointer:t.pointer.replace(/^\/(clientId|clientSecret)$/,"/credential/$1")}));return new j(a.code,a.status,{...a.document,errors:s})}var c=g(),$=class extends x{constructor(){super(...arguments);this.making=!1;this.entry=new A(this,async()=>{let t=this.params.connector,[e,i]=await Promise.all([v(this.context.api.GET("/v1/connectors/{connectorId}",{params:{path:{connectorId:t}}})),this.context.may("templates:read")?E(o=>v(this.context.api.GET("/v1/templates",{params:{query:{connector:t,limit:100,cursor:o}}}))):[]]);return{connector:e,templates:i}})}render(){return n`<div class="page">
      <p><a href="/console/catalog">${c("nav.catalog")}</a></p>
      ${this.entry.value?r:n`<h1>${c("catalog.entry")}</h1>`}
      ${this.entry.render(({connector:t,templates:e})=>n`
        <div class="bar">${L(t.logo)}<h1>${t.name}</h1></div>
        <p>${t.description}</p>
        ${H(t)}
        <div class="columns">
          <aside class="card stack">${this.connect(t,e)}</aside>
          <div class="page">${this.facts(t)}${_(t)}${R(c("catalog.guide"),t.guide)}</div>
        </div>`)}
    </div>`}facts(t){let e=[[c("catalog.category"),(t.categories??[]).map(i=>f("catalog.category",i)).join(", ")],[c("catalog.entities"),t.entities?.join(", ")],[c("catalog.network"),f("catalog.network",t.network)],[c("catalog.rateLimit"),t.rateLimit],[c("catalog.latency"),t.latency],[c("catalog.checkedAt"),t.checkedAt&&w(t.checkedAt)]];return n`<dl class="facts">${e.filter(([,i])=>i).map(([i,o])=>n`<dt>${i}</dt><dd>${o}</dd>`)}</dl>`}connect(t,e){let i=this.context.may("connections:write"),o=this.context.may("templates:write"),m=p=>this.made(t,e,p.detail.template);return n`<h2>${c("action.connect")}</h2>
      ${e.length?r:n`<p>${c(o?"catalog.noTemplate":"catalog.noTemplateAsk")}</p>`}
      ${e.map(p=>this.template(t,p,i))}
      ${i?r:n`<p class="small soft">${c("catalog.viewer")}</p>`}
      ${o&&this.making?n`<h3>${c("catalog.newTemplate")}</h3>
        <tenon-template-form .context=${this.context} .connector=${t} .taken=${e.map(p=>p.stableKey)} @tenon-template-made=${m}></tenon-template-form>`:r}
      ${o?n`<div><button type="button" class=${e.length||this.making?"":"main"} aria-expanded=${this.making} @click=${()=>this.making=!this.making}>${this.making?c("action.cancel"):c(e.length?"catalog.setUpMore":"catalog.setUp")}</button></div>`:r}`}template(t,e,i){let o=t.authSchemes?.find(y=>y.id===e.authScheme),m=(e.missing??[]).map(y=>f("catalog.missing",y)).join(", "),p=m?c("catalog.incomplete",{missing:m}):K(e,this.context.tenant)?c("catalog.supplied"):"";return n`<div class="stack">
      <p><strong>${e.name}</strong><br><span class="small soft">${o?.name??e.authScheme}</span></p>
      ${p?n`<p class="note warn">${p}</p>`:r}
      ${i&&q(e,this.context.tenant)?n`<p><a class="button main" href="/console/add/${t.id}?template=${e.id}" aria-label=${c("catalog.connect",{name:e.name})}>${c("action.connect")}</a></p>`:r}
      ${e.redirectUri&&e.owner===this.context.tenant&&this.context.may("templates:write")?n`<p class="small">${c("catalog.redirect")}<br><code>${e.redirectUri}</code></p>`:r}
    </div>`}made(t,e,i){this.making=!1,this.entry.set({connector:t,templates:[...e,i]}),this.context.say(c("catalog.made",{name:i.name}))}};$.styles=[...T,I`
    .columns { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) minmax(16rem, 22rem); align-items: start; }
    .columns > aside { order: 2; }
    .listed { padding-inline-start: 1.25rem; list-style: revert; }
    .steps { counter-reset: step; }
    .steps > li { counter-increment: step; padding-inline-start: 2.4rem; position: relative; }
    .steps > li::before { content: counter(step); position: absolute; inset: 0 auto auto 0; width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; background: var(--accent-wash); font-weight: 650; font-size: 0.875rem; }
    summary { cursor: pointer; font-weight: 550; padding: 0.25rem 0; }
    @media (max-width: 60rem) { .columns { grid-template-columns: minmax(0, 1fr); } .columns > aside { order: 0; } }
  `],h([b()],$.prototype,"making",2),$=h([k("tenon-page-catalog-entry")],$);export{$ as PageCatalogEntry};
