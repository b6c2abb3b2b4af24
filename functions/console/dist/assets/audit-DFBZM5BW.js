import{a as U,b as M}from"./chunk-VD77YBM7.js";import{a as z}from"./chunk-FCTDVHXG.js";import{c as f}from"./chunk-TLWH2TIY.js";import{B as u,C as D,D as w,E as p,G as S,a as y,c as o,g as a,j as v,k as R,l as m,p as C,r as h}from"./chunk-5Q62QOP6.js";import{a as l}from"./chunk-IZSUZKVX.js";var s=u(),I=y`
  .when { white-space: nowrap; }
  td.wide:has(.mono), .details { overflow-wrap: anywhere; }
  td.open { padding-block: 0.25rem; width: 3rem; }
  td.open button { min-height: 2rem; }
  .action { overflow-wrap: normal; }
  .outcome { white-space: nowrap; }
  .denied { color: var(--red); font-weight: 600; }
  .details { padding: 0.5rem 0.75rem 1rem; background: var(--ground); }
  .narrow { display: none; }
  @media (max-width: 24rem) { .when, .outcome { white-space: normal; } .action { overflow-wrap: anywhere; } }
  @media (max-width: 60rem) { .wide { display: none; } .narrow { display: block; } th, td { padding-inline: 0.3rem; } th:first-child, td:first-child { padding-inline-start: 0; } }
`;function V(t,e,i){return o`<table>
    <caption class="quiet">${s("nav.audit")}</caption>
    <thead><tr>
      <th scope="col">${s("audit.at")}</th><th scope="col" class="wide">${s("audit.actor")}</th><th scope="col" class="wide">${s("audit.action")}</th>
      <th scope="col" class="wide">${s("audit.resource")}</th><th scope="col">${s("audit.outcome")}</th><th scope="col" class="wide">${s("audit.reason")}</th><th scope="col"><span class="quiet">${s("audit.details")}</span></th>
    </tr></thead>
    <tbody>${t.map(r=>o`${Q(r,e.has(r.id),i)}${e.has(r.id)?Z(r):a}`)}</tbody>
  </table>`}function Q(t,e,i){return o`<tr>
    <td><time class="when" datetime=${t.at}>${S(t.at)}</time><span class="narrow">${G(t.action)}</span></td>
    <td class="wide">${t.actor}</td>
    <td class="wide">${G(t.action)}</td>
    <td class="wide">${H(t)}</td>
    <td class="outcome">${X(t)}</td>
    <td class="wide">${t.reason??""}</td>
    <td class="open"><button type="button" class="plain" aria-expanded=${e} aria-controls=${e?t.id:a} aria-label="${s("audit.details")}: ${t.action}, ${S(t.at)}" @click=${()=>i(t.id)}>
      <span aria-hidden="true">${e?"▴":"▾"}</span></button></td>
  </tr>`}function G(t){return o`<code class="action">${t.split(".").map((e,i)=>i?o`<wbr />.${e}`:e)}</code>`}function X(t){let e=t.outcome==="denied";return o`<span class=${e?"denied":""}><span aria-hidden="true">${e?"✕":"✓"}</span> ${w("audit.outcome",t.outcome)}</span>`}function Z(t){let e=Object.entries(t.facts??{}),i=(r,n)=>n?o`<dt>${r}</dt><dd>${n}</dd>`:a;return o`<tr id=${t.id}><td colspan="7" class="details"><dl class="facts small">
    ${i(s("audit.at"),t.at)} ${i(s("audit.actor"),t.actor)} ${i(s("audit.resource"),t.resource?H(t):"")} ${i(s("audit.reason"),t.reason)}
    ${e.map(([r,n])=>o`<dt class="mono">${r}</dt><dd>${n||"–"}</dd>`)}
    ${i(s("audit.request"),t.requestId?o`<code>${t.requestId}</code>`:"")} ${i(s("audit.source"),t.sourceIp)} ${i(s("audit.id"),o`<code>${t.id}</code>`)}
  </dl></td></tr>`}function H(t){let e=t.resource??"",i=e&&P(t.action,e);return i?o`<a href=${i} class="mono">${e}</a>`:o`<span class="mono">${e}</span>`}function P(t,e){if(e.startsWith("con_"))return`/console/connections/${e}`;if(t!=="flow.delete"){if(t.startsWith("flow."))return`/console/flows/${encodeURIComponent(e)}`;if(t==="connector.put")return`/console/catalog/${encodeURIComponent(e)}`}}var A=["actor","action","resource","outcome","since","until"];function N(){let t=Object.fromEntries(A.map(e=>[e,U(e)]));return["allowed","denied"].includes(t.outcome)||(t.outcome=""),t}function _(t){M({...t})}function B(t){let e=new FormData(t),i=n=>String(e.get(n)??"").trim(),r=n=>i(n)?new Date(i(n)).toISOString():"";return{actor:i("actor"),action:i("action"),resource:i("resource"),outcome:i("outcome"),since:r("since"),until:r("until")}}function W(t){let e=new Date(t);return!t||Number.isNaN(e.getTime())?"":new Date(e.getTime()-e.getTimezoneOffset()*6e4).toISOString().slice(0,16)}function q(t){let e=Object.entries(t).filter(([,i])=>i);return Object.fromEntries(e)}var $=u(),x=class extends f{disconnectedCallback(){super.disconnectedCallback(),this.running?.abort.abort()}begin(e){this.go({format:e,parts:[],size:0,name:`audit.${e}`,abort:new AbortController})}async go(e){this.trouble=void 0,this.running=e;try{do{if(await this.fetch(e),this.running!==e)return;this.requestUpdate()}while(e.cursor)}catch(i){this.running===e&&!e.abort.signal.aborted&&(this.trouble=C(i));return}this.running=void 0,tt(e),this.context.say($("audit.exported",{name:e.name}))}async fetch(e){let i=this.context.api.GET("/v1/audit/export",{params:{query:{...q(this.filter),format:e.format,cursor:e.cursor}},parseAs:"text",signal:e.abort.signal}),r=await h(i),{headers:n}=(await i).response;e.parts.push(r),e.size+=r.length,e.name=/filename="?([\w.-]+)"?/.exec(n.get("content-disposition")??"")?.[1]??e.name,e.cursor=n.get("tenon-next-cursor")??void 0}cancel(){this.running?.abort.abort(),this.running=void 0,this.trouble=void 0,this.context.say($("audit.cancelled"))}render(){let e=this.running;return o`<section class="card stack" aria-labelledby="export">
      <h2 id="export">${$("audit.export")}</h2>
      <p class="soft small">${$("audit.exportLead")}</p>
      <div class="bar">
        <button type="button" ?disabled=${!!e} @click=${()=>this.begin("ndjson")}>${$("audit.ndjson")}</button>
        <button type="button" ?disabled=${!!e} @click=${()=>this.begin("csv")}>${$("audit.csv")}</button>
      </div>
      ${e?o`<div class="bar"><p role="status">${D("audit.parts",e.parts.length,{size:p(Math.ceil(e.size/1024))})}</p>
        <button type="button" @click=${()=>this.cancel()}>${$("action.cancel")}</button></div>`:a}
      ${e&&this.trouble?o`<tenon-problem .problem=${this.trouble} retry @retry=${()=>this.go(e)}></tenon-problem>`:a}
    </section>`}};l([R({attribute:!1})],x.prototype,"filter",2),l([m()],x.prototype,"running",2),x=l([v("tenon-audit-export")],x);function tt({parts:t,name:e,format:i}){let r=URL.createObjectURL(new Blob(t,{type:i==="csv"?"text/csv":"application/x-ndjson"})),n=document.createElement("a");n.href=r,n.download=e,n.click(),setTimeout(()=>URL.revokeObjectURL(r),6e4)}var b=u(),J=y`
  .filter { grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: end; gap: 0.8rem 1rem; }
  .filter .bar { grid-column: 1 / -1; }
  .filter .field > * { min-width: 0; }
  @media (max-width: 60rem) { .filter { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  @media (max-width: 36rem) { .filter .time { grid-column: 1 / -1; } }
`;function K(t,e,i){return o`<form class="card filter" role="search" aria-label=${b("audit.filter")} @submit=${r=>{r.preventDefault(),i.apply(r.currentTarget)}}>
    ${O("actor",t.actor,320,e.map(r=>r.actor))}
    ${O("action",t.action,64,e.map(r=>r.action))}
    ${O("resource",t.resource,64,[])}
    <div class="field"><label for="outcome">${b("audit.outcome")}</label>
      <select id="outcome" name="outcome">${["","allowed","denied"].map(r=>o`<option value=${r} .selected=${r===t.outcome}>${r?w("audit.outcome",r):b("field.all")}</option>`)}</select></div>
    ${Y("since",t.since)} ${Y("until",t.until)}
    <div class="bar"><button class="main">${b("audit.apply")}</button><button type="button" @click=${()=>i.clear()}>${b("audit.clear")}</button></div>
  </form>`}function O(t,e,i,r){return o`<div class="field"><label for=${t}>${b(`audit.${t}`)}</label>
    <input id=${t} name=${t} .value=${e} maxlength=${i} list="${t}-seen" autocomplete="off" spellcheck="false" />
    <datalist id="${t}-seen">${[...new Set(r)].sort().map(n=>o`<option value=${n}></option>`)}</datalist></div>`}function Y(t,e){return o`<div class="field time"><label for=${t}>${b(`audit.${t}`)}</label><input id=${t} name=${t} type="datetime-local" .value=${W(e)} /></div>`}var c=u(),et=20,k=class extends f{constructor(){super(...arguments);this.sum={from:0,to:0,entries:0,broken:[]}}async check(){let i=await this.act(()=>h(this.context.api.GET("/v1/audit/integrity")));i&&(this.found=i,this.sum={from:i.from??0,to:i.to??0,entries:i.entries,broken:i.broken??[]})}async earlier(){let{from:i,entries:r,broken:n}=this.sum,d=await this.act(()=>h(this.context.api.GET("/v1/audit/integrity",{params:{query:{from:Math.max(1,i-et),to:i-1}}})));d&&(this.sum={...this.sum,from:d.from??1,entries:r+d.entries,broken:[...d.broken??[],...n]})}async copy(i){await this.act(async()=>(await navigator.clipboard.writeText(i),!0))&&this.context.say(c("action.copied"))}render(){return o`<section class="card stack" aria-labelledby="integrity">
      <h2 id="integrity">${c("audit.integrity")}</h2>
      <p class="soft small">${c("audit.integrityLead")}</p>
      <div><button type="button" ?disabled=${this.working} @click=${()=>this.check()}>${c("audit.check")}</button></div>
      <div role="status">${this.working?c("state.working"):this.found?this.result(this.found):a}</div>
      ${this.trouble?o`<tenon-problem .problem=${this.trouble}></tenon-problem>`:a}
      ${this.found&&!this.working&&this.sum.from>1?o`<div><button type="button" @click=${()=>this.earlier()}>${c("audit.earlier")}</button></div>`:a}
      ${this.found?.head?this.head(this.found.head):a}
    </section>`}result({seals:i,sealedUntil:r}){if(!i)return o`<p class="note">${c("audit.unsealed")}</p>`;let{from:n,to:d,entries:E,broken:L}=this.sum,T={from:p(n),to:p(d),seals:p(i),entries:p(E),until:r?S(r):""};return L.length?o`<div class="note bad"><p><strong>${c("audit.broken")}</strong> ${c("audit.brokenLead",T)}</p>
      <ul>${L.map(j=>o`<li>${w("audit.break",j.what)} ${c("audit.seal",{seq:p(j.seq)})} ${j.entryId?o`<code>${j.entryId}</code>`:a}</li>`)}</ul></div>`:o`<p class="note good"><strong>${c("audit.verified")}</strong> ${c("audit.verifiedLead",T)}</p>`}head(i){return o`<div class="stack"><p class="small soft">${c("audit.headLead")}</p>
      <div class="bar"><code>${i}</code><button type="button" aria-label="${c("action.copy")}: ${c("audit.head")}" @click=${()=>this.copy(i)}>${c("action.copy")}</button></div></div>`}};l([m()],k.prototype,"found",2),l([m()],k.prototype,"sum",2),k=l([v("tenon-audit-integrity")],k);var F=u(),it=5,g=class extends f{constructor(){super(...arguments);this.filter=N();this.open=new Set;this.list=new z(this,()=>this.read())}async read(i){let r=[],n=i;for(let d=0;d<it;d++){let E=await h(this.context.api.GET("/v1/audit",{params:{query:{...q(this.filter),limit:50,cursor:n}}}));if(r.push(...E.items??[]),n=E.nextCursor,r.length||!n)break}return{entries:r,next:n}}async more(i){let r=await this.act(()=>this.read(i.next));r&&this.list.set({entries:[...i.entries,...r.entries],next:r.next})}narrow(i){this.filter=i,this.trouble=void 0,this.open=new Set,_(i),this.list.again()}toggle(i){let r=new Set(this.open);r.delete(i)||r.add(i),this.open=r}render(){return o`<div class="page">
      <div><h1>${F("nav.audit")}</h1><p class="soft">${F("audit.lead")}</p></div>
      ${K(this.filter,this.list.value?.entries??[],{apply:i=>this.narrow(B(i)),clear:()=>this.narrow({actor:"",action:"",resource:"",outcome:"",since:"",until:""})})}
      ${this.list.busy&&this.list.value?o`<p class="quiet" role="status">${F("state.loading")}</p>`:a}
      ${this.list.render(i=>this.shown(i))}
      <div class="pair">
        <tenon-audit-export .context=${this.context} .filter=${this.filter}></tenon-audit-export>
        <tenon-audit-integrity .context=${this.context}></tenon-audit-integrity>
      </div>
    </div>`}shown(i){let{entries:r,next:n}=i;return o`
      ${r.length?o`<div class="card">${V(r,this.open,d=>this.toggle(d))}</div>`:o`<p class="soft" role="status">${F(n?"audit.noneYet":"audit.none")}</p>`}
      ${this.trouble?o`<tenon-problem .problem=${this.trouble}></tenon-problem>`:a}
      ${n?o`<div class="bar"><button type="button" ?disabled=${this.working} @click=${()=>this.more(i)}>${F(r.length?"action.more":"audit.goOn")}</button>
        ${this.working?o`<span role="status">${F("state.working")}</span>`:a}</div>`:a}`}};g.styles=[...f.styles,J,I,y`
    .pair { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); align-items: start; }
  `],l([m()],g.prototype,"filter",2),l([m()],g.prototype,"open",2),g=l([v("tenon-page-audit")],g);export{g as PageAudit};
