import{a as r,b as i}from"./chunk-WKOVWHIY.js";import{a as p}from"./chunk-RQ3RJB52.js";import{H as o,b as e,z as s}from"./chunk-245IHGG6.js";var t=s(),l=["templates","tenants","incidents","kill-switches","sunsets"],c=class extends p{static{this.styles=[...o,r]}render(){let n=a=>`/console/organization/${a}`;return this.context.person.home==="org"&&this.context.tenant!=="org"?e`<div class="page"><h1>${t("nav.organization")}</h1>
        <p class="note">${t("organization.acting",{tenant:this.context.tenant})}</p>
        <div><a class="button main" href="${location.pathname}?tenant=">${t("organization.stop")}</a></div></div>`:e`<div class="page">
      ${i(t("nav.organization"),n(this.tab),l.map(a=>({path:n(a),name:t(`organization.${a}`)})))}
      ${this.draw()}
    </div>`}};export{c as a};
