import{a as g,g as x}from"./chunk-K6XSJOKD.js";import{a as m,b}from"./chunk-VD77YBM7.js";import{a as y}from"./chunk-YFYXEXXN.js";import"./chunk-QYJHDGZG.js";import"./chunk-G72H5W2R.js";import"./chunk-RB7VNPHU.js";import"./chunk-CJYD5GVE.js";import{a as u}from"./chunk-FCTDVHXG.js";import{c as $}from"./chunk-TLWH2TIY.js";import"./chunk-VU3WWJYJ.js";import"./chunk-VO4CMFWF.js";import{B as p,D as w,c as o,g as c,j as d,l as h,r as v}from"./chunk-5Q62QOP6.js";import{a as f}from"./chunk-IZSUZKVX.js";var S=p(),E=`PUT /v1/flows/contact-sync
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
  </div>`}var i=p(),C=12,l=class extends ${constructor(){super(...arguments);this.filter={connector:m("connector"),state:m("state")};this.list=new u(this,async()=>{let[e,s]=await Promise.all([this.list.value?.directory??g(this.context),this.read()]);return{directory:e,...s}})}async read(e){let{connector:s,state:n}=this.filter,r=[],t=e;do{let a=await v(this.context.api.GET("/v1/flows",{params:{query:{limit:C,cursor:t,connector:s||void 0,state:n||void 0}}}));r.push(...a.items??[]),t=a.nextCursor}while(t&&!r.length);return{flows:r,next:t}}async more({flows:e,next:s,directory:n}){let r=await this.act(()=>this.read(s));r&&this.list.set({directory:n,flows:[...e,...r.flows],next:r.next})}narrow(e){this.filter={...this.filter,...e},b(this.filter),this.list.again()}render(){return o`<div class="page">
      <div><h1>${i("nav.flows")}</h1><p class="soft">${i("flows.lead")}</p></div>
      ${this.list.render(e=>this.shown(e))}
    </div>`}shown(e){let s=this.filter.connector||this.filter.state;return!e.flows.length&&!s?k():o`${this.bar(e)}
      ${e.flows.length?c:o`<p class="soft" role="status">${i("flows.noMatch")}</p>`}
      <div class="stack">${y(e.flows,n=>n.flowId,n=>o`<tenon-flow-card .context=${this.context} .listed=${n} .directory=${e.directory}></tenon-flow-card>`)}</div>
      ${this.trouble?o`<tenon-problem .problem=${this.trouble}></tenon-problem>`:c}
      ${e.next?o`<div><button type="button" ?disabled=${this.working} @click=${()=>this.more(e)}>${i("action.more")}</button></div>`:c}`}bar({flows:e,directory:s}){let n=new Set([...[...s.connections.values()].map(t=>t.connector),...e.flatMap(t=>(t.bindings??[]).map(a=>a.connector)),this.filter.connector].filter(Boolean)),r=t=>s.connectors.get(t)?.name??t;return o`<div class="filters">
      <label>${i("flows.byConnector")}<select @change=${t=>this.narrow({connector:t.target.value})}>
        <option value="" .selected=${!this.filter.connector}>${i("flows.everyConnector")}</option>
        ${[...n].sort((t,a)=>r(t).localeCompare(r(a))).map(t=>o`<option value=${t} .selected=${t===this.filter.connector}>${r(t)}</option>`)}
      </select></label>
      <label>${i("flows.byState")}<select @change=${t=>this.narrow({state:t.target.value})}>
        <option value="" .selected=${!this.filter.state}>${i("flows.everyState")}</option>
        ${["active","paused"].map(t=>o`<option value=${t} .selected=${t===this.filter.state}>${w("flows.state",t)}</option>`)}
      </select></label>
    </div>`}};l.styles=x,f([h()],l.prototype,"filter",2),l=f([d("tenon-page-flows")],l);export{l as PageFlows};
