import{a as g,g as x}from"./chunk-MUPTTYLL.js";import{a as m,b}from"./chunk-VD77YBM7.js";import{a as y}from"./chunk-ZVHLV4XV.js";import"./chunk-IB4Q5J2W.js";import"./chunk-M4R2VZI3.js";import"./chunk-CPZMRUL2.js";import"./chunk-MVWEZSQD.js";import{a as u}from"./chunk-O5IW62CN.js";import{a as $}from"./chunk-USROBFAL.js";import"./chunk-FPWCCD2G.js";import{B as w,b as o,f as c,i as d,k as h,p as v,z as p}from"./chunk-LQP3WBDK.js";import{a as f}from"./chunk-IZSUZKVX.js";var S=p(),E=`PUT /v1/flows/contact-sync
{
  "name": "Contact sync",
  "kind": "sync",
  "state": "paused",
  "bindings": [
    { "slot": "source", "connector": "hubspot" },
    { "slot": "destination", "connector": "salesforce" }
  ]
}`;function k(){return o`<div class="empty">
    <h2>${S("flows.empty")}</h2>
    <p class="soft">${S("flows.emptyLead")}</p>
    <pre class="example"><code>${E}</code></pre>
  </div>`}var i=p(),C=12,l=class extends ${constructor(){super(...arguments);this.filter={connector:m("connector"),state:m("state")};this.list=new u(this,async()=>{let[e,n]=await Promise.all([this.list.value?.directory??g(this.context),this.read()]);return{directory:e,...n}})}async read(e){let{connector:n,state:s}=this.filter,r=[],t=e;do{let a=await v(this.context.api.GET("/v1/flows",{params:{query:{limit:C,cursor:t,connector:n||void 0,state:s||void 0}}}));r.push(...a.items??[]),t=a.nextCursor}while(t&&!r.length);return{flows:r,next:t}}async more({flows:e,next:n,directory:s}){let r=await this.act(()=>this.read(n));r&&this.list.set({directory:s,flows:[...e,...r.flows],next:r.next})}narrow(e){this.filter={...this.filter,...e},b(this.filter),this.list.again()}render(){return o`<div class="page">
      <div><h1>${i("nav.flows")}</h1><p class="soft">${i("flows.lead")}</p></div>
      ${this.list.render(e=>this.shown(e))}
    </div>`}shown(e){let n=this.filter.connector||this.filter.state;return!e.flows.length&&!n?k():o`${this.bar(e)}
      ${e.flows.length?c:o`<p class="soft" role="status">${i("flows.noMatch")}</p>`}
      <div class="stack">${y(e.flows,s=>s.flowId,s=>o`<tenon-flow-card .context=${this.context} .listed=${s} .directory=${e.directory}></tenon-flow-card>`)}</div>
      ${this.trouble?o`<tenon-problem .problem=${this.trouble}></tenon-problem>`:c}
      ${e.next?o`<div><button type="button" ?disabled=${this.working} @click=${()=>this.more(e)}>${i("action.more")}</button></div>`:c}`}bar({flows:e,directory:n}){let s=new Set([...[...n.connections.values()].map(t=>t.connector),...e.flatMap(t=>(t.bindings??[]).map(a=>a.connector)),this.filter.connector].filter(Boolean)),r=t=>n.connectors.get(t)?.name??t;return o`<div class="bar">
      <select aria-label=${i("flows.byConnector")} @change=${t=>this.narrow({connector:t.target.value})}>
        <option value="" .selected=${!this.filter.connector}>${i("flows.everyConnector")}</option>
        ${[...s].sort((t,a)=>r(t).localeCompare(r(a))).map(t=>o`<option value=${t} .selected=${t===this.filter.connector}>${r(t)}</option>`)}
      </select>
      <select aria-label=${i("flows.byState")} @change=${t=>this.narrow({state:t.target.value})}>
        <option value="" .selected=${!this.filter.state}>${i("flows.everyState")}</option>
        ${["active","paused"].map(t=>o`<option value=${t} .selected=${t===this.filter.state}>${w("flows.state",t)}</option>`)}
      </select>
    </div>`}};l.styles=x,f([h()],l.prototype,"filter",2),l=f([d("tenon-page-flows")],l);export{l as PageFlows};
