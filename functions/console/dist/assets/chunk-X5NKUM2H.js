import{a as i,b as c}from"./chunk-PGKVCT5T.js";import{c as p}from"./chunk-TLWH2TIY.js";import{B as o,J as r,a as s,c as e}from"./chunk-5Q62QOP6.js";var t=o(),m=["templates","tenants","incidents","kill-switches","sunsets"],l=class extends p{static{this.styles=[...r,i,s`.cards > .card { align-content: start; } .chips { align-items: start; } .act { white-space: nowrap; text-align: end; }`]}render(){let n=a=>`/console/organization/${a}`;return this.context.person.home==="org"&&this.context.tenant!=="org"?e`<div class="page"><h1>${t("nav.organization")}</h1>
        <p class="note">${t("organization.acting",{tenant:this.context.tenant})}</p>
        <div><a class="button main" href="${location.pathname}?tenant=">${t("organization.stop")}</a></div></div>`:e`<div class="page">
      ${c(t("nav.organization"),n(this.tab),m.map(a=>({path:n(a),name:t(`organization.${a}`)})))}
      ${this.draw()}
    </div>`}};export{l as a};
