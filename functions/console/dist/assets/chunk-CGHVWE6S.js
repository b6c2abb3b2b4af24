import{b as m,e as b,f as v,h}from"./chunk-HZJM6QYA.js";import{B as i,D as c,G as s,c as n,g as u}from"./chunk-5Q62QOP6.js";var w=["connection.connected","connection.promoted","connection.account_changed","connection.status","connection.stale","connection.deleted","expiration.due","rotation.due","lease.anomaly","kill_switch.finished","audit.verified","audit.broken","template.client_refused","webhook_endpoint.disabled","webhook.test","tenant.suspended","tenant.resumed"],f=["tenant.offboarded","provider.outage","provider.refusals","egress.changed"];var o=i();function _(e){return{url:e.url.trim(),description:e.description.trim(),events:e.every?[]:e.events}}function A(e,l,r,d){let g=(t,p)=>d({events:p?[...e.events,t]:e.events.filter(y=>y!==t)}),k=h(r,"/events",e.events)??(!e.every&&!e.events.length?o("webhooks.eventsNone"):void 0);return n`
    ${m({id:"url",type:"url",label:o("webhooks.url"),help:o("webhooks.urlHelp"),required:!0,value:e.url,wrong:r?.field("/url"),input:t=>d({url:t})})}
    ${m({id:"description",label:o("webhooks.description"),optional:!0,value:e.description,wrong:r?.field("/description"),input:t=>d({description:t})})}
    ${b({id:"every",label:o("webhooks.events"),value:e.every?"all":"some",wrong:k,change:t=>d({every:t==="all"}),options:[["all",o("webhooks.eventsAll")],["some",o("webhooks.eventsSome")]]})}
    ${e.every?u:n`<div class="stack" role="group" aria-label=${o("webhooks.events")}>
      ${[...w,...l?f:[]].map(t=>v({id:`event-${t}`,label:c("webhooks.event",t),help:t,checked:e.events.includes(t),change:p=>g(t,p)}))}
    </div>`}`}var a=i();function R(e,l,r){return n`<section class="note warn stack" aria-labelledby="secret-title">
    <h2 id="secret-title" tabindex="-1">${a("webhooks.secret")}</h2>
    <p>${a("webhooks.secretText")}</p>
    <div class="bar"><code>${e}</code><tenon-copy .text=${e} what=${a("webhooks.secret")}></tenon-copy></div>
    ${l?n`<p>${a("webhooks.previous",{until:s(l)})}</p>`:""}
    <div><button type="button" @click=${r}>${a("webhooks.secretDone")}</button></div>
  </section>`}var $=i();function I(e){return n`<tenon-status status=${e.enabled?e.failingSince?"degraded":"active":"disabled"}></tenon-status>`}function B(e){return!e.enabled&&e.disabledReason?n`<p class="note warn">${c("webhooks.disabled",e.disabledReason)} ${e.disabledAt?s(e.disabledAt):""}</p>`:e.enabled&&e.failingSince?n`<p class="note warn">${$("webhooks.failing",{since:s(e.failingSince)})}</p>`:""}export{_ as a,A as b,R as c,I as d,B as e};
