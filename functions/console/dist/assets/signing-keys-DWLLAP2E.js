import{a as S}from"./chunk-UPVP2YV4.js";import"./chunk-NCPHXGPS.js";import"./chunk-CJYD5GVE.js";import{a as f}from"./chunk-FCTDVHXG.js";import"./chunk-TMDCKYPS.js";import{b as w,e as y,i as x}from"./chunk-HZJM6QYA.js";import{a as v}from"./chunk-PGKVCT5T.js";import{c as k}from"./chunk-TLWH2TIY.js";import{B as g,D as $,F as u,J as b,c as a,g as n,j as p,l as h,m,r as l,t as c}from"./chunk-5Q62QOP6.js";import{a as d}from"./chunk-IZSUZKVX.js";var t=g(),z={algorithm:"PS256",keySize:"3072",validDays:"729"},o=class extends k{constructor(){super(...arguments);this.key=c();this.list=new f(this,async()=>(await l(this.context.api.GET("/v1/signing-keys"))).items??[]);this.create=async e=>{e.preventDefault();let{algorithm:r,keySize:i,validDays:s}=this.adding,E={algorithm:r,validDays:Number(s),...r==="ES256"?{}:{keySize:Number(i)}};if(!await this.act(()=>l(this.context.api.POST("/v1/signing-keys",{params:{header:{"Idempotency-Key":this.key}},body:E}))))return x(this);this.adding=void 0,this.context.say(t("keys.created")),await this.list.again()}}render(){let e=this.context.may("settings:write");return a`<div class="page">
      ${S("/signing-keys")}
      <div class="head">
        <div><h1>${t("keys.title")}</h1><p class="soft">${t("keys.lead")}</p></div>
        ${e&&!this.adding?a`<button class="main" type="button" @click=${()=>this.begin()}>${t("keys.new")}</button>`:n}
      </div>
      ${this.adding?this.form(this.adding):n}
      ${this.list.render(r=>r.length?this.table(r,e):a`<div class="empty"><h2>${t("keys.empty")}</h2><p class="soft">${t("keys.emptyLead")}</p></div>`)}
      ${this.retiring?this.confirmation(this.retiring):n}
    </div>`}table(e,r){let i=e[0].jwksUri;return a`
      <div class="card stack"><h2>${t("keys.set")}</h2><p class="soft">${t("keys.setHelp")}</p>
        <div class="bar"><code>${i}</code><tenon-copy .text=${i} what=${t("keys.set")}></tenon-copy></div></div>
      <div class="card scroll" tabindex="0" role="region" aria-label=${t("keys.title")}><table>
        <thead><tr><th scope="col">${t("keys.key")}</th><th scope="col">${t("keys.state")}</th><th scope="col">${t("keys.expires")}</th><th scope="col">${t("keys.certificate")}</th><th scope="col"><span class="quiet">${t("keys.retire")}</span></th></tr></thead>
        <tbody>${e.map(s=>a`<tr>
          <th scope="row">${s.algorithm} ${s.keySize}<br><code>${s.id}</code></th>
          <td>${$("keys.state",s.state)}</td>
          <td>${s.expiresAt?u(s.expiresAt):""}</td>
          <td>${s.certificate?a`<tenon-copy .text=${s.certificate} what="${t("keys.certificate")} ${s.id}"></tenon-copy>`:""}</td>
          <td>${r&&s.state!=="retired"?a`<button class="danger" type="button" aria-label="${t("keys.retire")} ${s.id}" @click=${()=>{this.trouble=void 0,this.retiring=s}}>${t("keys.retire")}</button>`:n}</td>
        </tr>`)}</tbody></table></div>`}form(e){let r=i=>{this.adding={...e,...i},this.key=c()};return a`<form class="card" novalidate @submit=${this.create}>
      <h2>${t("keys.new")}</h2>
      ${y({id:"algorithm",label:t("keys.algorithm"),help:t("keys.algorithmHelp"),value:e.algorithm,wrong:this.trouble?.field("/algorithm"),options:["PS256","RS256","ES256"].map(i=>[i,i]),change:i=>r({algorithm:i})})}
      ${e.algorithm==="ES256"?n:y({id:"size",label:t("keys.size"),value:e.keySize,wrong:this.trouble?.field("/keySize"),options:["2048","3072","4096"].map(i=>[i,i]),change:i=>r({keySize:i})})}
      ${w({id:"days",type:"number",label:t("keys.valid"),help:t("keys.validHelp"),value:e.validDays,wrong:this.trouble?.field("/validDays"),input:i=>r({validDays:i})})}
      <tenon-problem fields .problem=${this.retiring?void 0:this.trouble}></tenon-problem>
      <div class="bar">
        <button class="main" type="submit" ?disabled=${this.working}>${this.working?t("state.working"):t("keys.create")}</button>
        <button type="button" @click=${()=>this.adding=void 0}>${t("action.cancel")}</button>
      </div>
    </form>`}confirmation(e){return a`<tenon-confirm danger heading=${t("keys.retireHeading")} .action=${t("keys.retire")} ?working=${this.working} .problem=${this.trouble}
      @confirm=${()=>this.retire(e)} @close=${()=>this.retiring=void 0}>
      <p>${t("keys.retireText")}</p><p><code>${e.id}</code></p>
    </tenon-confirm>`}async begin(){[this.adding,this.key,this.trouble]=[z,c(),void 0],await this.updateComplete,this.renderRoot.querySelector("#algorithm")?.focus()}async retire(e){await this.act(async()=>(await l(this.context.api.DELETE("/v1/signing-keys/{signingKeyId}",{params:{path:{signingKeyId:e.id}}})),!0))&&(this.dialog?.close(),this.context.say(t("keys.retired")),await this.list.again())}};o.styles=[...b,v],d([h()],o.prototype,"adding",2),d([h()],o.prototype,"retiring",2),d([m("tenon-confirm")],o.prototype,"dialog",2),o=d([p("tenon-page-signing-keys")],o);export{o as PageSigningKeys};
