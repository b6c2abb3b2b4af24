import{a as g}from"./chunk-FCTDVHXG.js";import{a as y}from"./chunk-X5NKUM2H.js";import"./chunk-PGKVCT5T.js";import"./chunk-TLWH2TIY.js";import{B as h,C as u,F as $,H as f,c as e,g as c,j as m,r as d}from"./chunk-5Q62QOP6.js";import{a as p}from"./chunk-IZSUZKVX.js";var r=h(),i=class extends y{constructor(){super(...arguments);this.tab="sunsets";this.list=new g(this,()=>this.read())}async read(){let a=new Map,t;do{let o=await d(this.context.api.GET("/v1/sunsets",{params:{query:{limit:100,cursor:t}}}));for(let s of o.items??[]){let n=JSON.stringify([s.connector,s.sunset.date,s.sunset.what]),l=a.get(n);a.set(n,l?{...l,connections:[...l.connections??[],...s.connections??[]]}:s)}t=o.nextCursor}while(t);return[...a.values()].sort((o,s)=>o.sunset.date.localeCompare(s.sunset.date))}draw(){return e`
      <div><h1>${r("organization.sunsets")}</h1><p class="soft">${r("sunsets.lead")}</p></div>
      ${this.list.render(a=>a.length?e`<ul class="stack">${a.map(t=>this.card(t))}</ul>`:e`<div class="empty"><h2>${r("sunsets.empty")}</h2></div>`)}`}card({connectorName:a,sunset:t,connections:o}){let s=o??[];return e`<li class="card stack">
      <div class="split"><h2>${a}</h2><span class="chip">${$(t.date)}, ${f(t.date)}</span></div>
      <p>${t.what}</p>
      ${t.action?e`<p><strong>${r("sunsets.action")}</strong> ${t.action}</p>`:c}
      ${t.source?e`<p class="small"><a href=${t.source} target="_blank" rel="noreferrer">${r("sunsets.source")}</a></p>`:c}
      ${s.length?e`<details><summary>${u("sunsets.hits",s.length)}</summary><ul>${s.map(n=>e`<li>
        <a href="/console/connections/${n.id}?tenant=${n.tenant==="org"?"":n.tenant}">${n.name}</a> <span class="soft small">${n.tenant}, ${n.authScheme}</span></li>`)}</ul></details>`:e`<p class="soft small">${r("sunsets.none")}</p>`}
    </li>`}};i=p([m("tenon-page-sunsets")],i);export{i as PageSunsets};
