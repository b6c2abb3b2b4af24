import{a as k}from"./chunk-SLNIWE3O.js";import{a as b}from"./chunk-RB7VNPHU.js";import{a as S}from"./chunk-FCTDVHXG.js";import{c as x}from"./chunk-TLWH2TIY.js";import{B as v,C as y,D as p,J as w,a as u,c as r,g as h,j as g,l as f,r as d,u as $}from"./chunk-5Q62QOP6.js";import{a as m}from"./chunk-IZSUZKVX.js";var o=v(),c=class extends x{constructor(){super(...arguments);this.filter=new URLSearchParams(location.search);this.list=new S(this,async()=>{let[e,a]=await Promise.all([d(this.context.api.GET("/v1/connectors")),this.context.may("templates:read")?$(t=>d(this.context.api.GET("/v1/templates",{params:{query:{limit:100,cursor:t}}}))):[]]),s=a.filter(t=>k(t,this.context.tenant)).map(t=>t.connector);return{cards:e.items??[],ready:new Set(s)}})}narrow(e,a,s=!1){let t=new URL(location.href);a?t.searchParams.set(e,a):t.searchParams.delete(e),s?history.replaceState(null,"",t):history.pushState(null,"",t),this.filter=t.searchParams}kept(e){let a=(this.filter.get("q")??"").toLowerCase().split(/\s+/).filter(Boolean),[s,t]=[this.filter.get("category"),this.filter.get("authScheme")];return e.filter(i=>{let l=`${i.name} ${i.description} ${i.id} ${(i.categories??[]).map(n=>p("catalog.category",n)).join(" ")}`.toLowerCase();return a.every(n=>l.includes(n))&&(!s||i.categories?.includes(s))&&(!t||i.authSchemes?.includes(t))})}render(){return r`<div class="page">
      <div><h1>${o("nav.catalog")}</h1><p class="soft">${o("catalog.lead")}</p></div>
      ${this.list.render(e=>r`${this.filters(e.cards)}${this.found(this.kept(e.cards),e)}`)}
    </div>`}filters(e){let a=[...new Set(e.flatMap(t=>t.categories??[]))],s=[...new Set(e.flatMap(t=>t.authSchemes??[]))];return r`<form class="filters" role="search" @submit=${t=>t.preventDefault()}>
      <label>${o("action.search")}<input type="search" .value=${this.filter.get("q")??""} @input=${t=>this.narrow("q",t.target.value,!0)} /></label>
      ${this.select("category",o("catalog.category"),a,"catalog.category")}
      ${this.select("authScheme",o("catalog.authScheme"),s,"catalog.scheme")}
    </form>`}select(e,a,s,t){let i=s.map(l=>[l,p(t,l)]).sort((l,n)=>l[1].localeCompare(n[1]));return r`<label>${a}<select @change=${l=>this.narrow(e,l.target.value)}>
      <option value="" .selected=${!this.filter.get(e)}>${o("field.all")}</option>
      ${i.map(([l,n])=>r`<option value=${l} .selected=${this.filter.get(e)===l}>${n}</option>`)}
    </select></label>`}found(e,{ready:a}){let s=e.filter(i=>a.has(i.id)),t=e.filter(i=>!a.has(i.id));return r`
      <p class="small soft" role="status">${y("catalog.count",e.length)}</p>
      ${e.length?h:r`<div class="empty"><h2>${o("catalog.none")}</h2><p class="soft">${o("catalog.noneLead")}</p></div>`}
      ${this.group(o("catalog.ready"),s,!0)}${this.group(o("catalog.others"),t,!1)}`}group(e,a,s){return a.length?r`<section class="stack"><h2>${e}</h2><ul class="cards">${a.map(t=>r`<li class="card">${this.card(t,s)}</li>`)}</ul></section>`:h}card(e,a){let s=a&&this.context.may("connections:write");return r`<div class="stack">
        <div class="name">${b(e.logo)}<h3><a href="/console/catalog/${e.id}">${e.name}</a></h3></div>
        <p class="small">${e.description}</p>
      </div>
      <div class="stack">
        <ul class="chips" aria-label=${o("catalog.authScheme")}>${(e.authSchemes??[]).map(t=>r`<li class="chip">${p("catalog.scheme",t)}</li>`)}</ul>
        ${s?r`<div><a class="button main" href="/console/add/${e.id}" aria-label=${o("catalog.connect",{name:e.name})}>${o("action.connect")}</a></div>`:h}
      </div>`}};c.styles=[...w,u`
    .card { display: grid; gap: 0.75rem; align-content: space-between; }
    .name { display: flex; gap: 0.75rem; align-items: center; }
    h3 { min-width: 0; overflow-wrap: break-word; }
  `],m([f()],c.prototype,"filter",2),c=m([g("tenon-page-catalog")],c);export{c as PageCatalog};
