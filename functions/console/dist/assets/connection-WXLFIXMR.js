import"./chunk-6JL4BONR.js";import"./chunk-IPZL3F5A.js";import"./chunk-YFYXEXXN.js";import"./chunk-6IAD6ZMF.js";import"./chunk-5O67ASPB.js";import"./chunk-KXK4QTNM.js";import"./chunk-QYJHDGZG.js";import"./chunk-DERM7WRD.js";import"./chunk-G72H5W2R.js";import{a as Ot}from"./chunk-RB7VNPHU.js";import"./chunk-CJYD5GVE.js";import{a as $}from"./chunk-FCTDVHXG.js";import{c as rt}from"./chunk-TLWH2TIY.js";import{a as Lt}from"./chunk-QQF5NW7Z.js";import"./chunk-VU3WWJYJ.js";import"./chunk-VO4CMFWF.js";import{B as d,C as st,D as x,F as X,G as j,H as P,J as it,a as M,c as n,d as jt,g as s,j as p,k as J,l as m,m as D,p as ot,r as l,s as y,u as Q}from"./chunk-5Q62QOP6.js";import{a as r}from"./chunk-IZSUZKVX.js";var Bt=new Set(["oauth2_authorization_code","oauth2_device_code","oauth1"]),Mt=new Set(["client_certificate","ssh_key"]);function w({connection:c,connector:o}){return o.authSchemes?.find(t=>t.id===c.authScheme)}function Y(c){return Bt.has(w(c)?.type??"")}function kt(c){return Mt.has(w(c)?.type??"")}function _(c){return Y(c)?"reconnect":"replace"}var u=class extends rt{static{this.styles=[...it,M`
    .stack > .bar { margin-top: 0.25rem; }
    summary { cursor: pointer; display: flex; align-items: center; gap: 0.6rem; list-style: none; min-height: 1.75rem; }
    summary::-webkit-details-marker { display: none; }
    summary::before { content: ''; width: 0.5rem; height: 0.5rem; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); flex: none; }
    details[open] > summary::before { transform: rotate(45deg); }
    details[open] > summary { margin-bottom: 1rem; }
    .rows { display: grid; }
    .rows > li { display: grid; gap: 0.35rem; padding: 0.75rem 0; border-top: 1px solid var(--line); }
    .rows > li:first-child { border-top: 0; padding-top: 0; }
    .rows > li:last-child { padding-bottom: 0; }
    fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
    legend { padding: 0; margin-bottom: 0.6rem; font-weight: 550; }
    [role='status']:empty { position: absolute; } /* It takes no place in a grid, and is heard all the same. */
    .between { display: flex; flex-wrap: wrap; gap: 0.35rem 0.75rem; align-items: baseline; justify-content: space-between; }
    pre { margin: 0; padding: 0.75rem; background: var(--raised); border-radius: var(--radius); white-space: pre-wrap; overflow-wrap: anywhere; font: 0.8rem/1.4 var(--mono); max-height: 12rem; overflow-y: auto; }
  `]}get writable(){return this.context.may("connections:write")}refresh(){}updated(o){o.get("shown")&&this.refresh()}changed(o){this.dispatchEvent(new CustomEvent("tenon-changed",{detail:o,bubbles:!0,composed:!0}))}open(o){this.dispatchEvent(new CustomEvent("tenon-open",{detail:o,bubbles:!0,composed:!0}))}fold(o,t,e=!matchMedia("(max-width: 52rem)").matches){return n`<details class="card" ?open=${e}><summary><h2>${o}</h2></summary><div class="stack">${t}</div></details>`}};r([J({attribute:!1})],u.prototype,"shown",2);var At=d(),v=class extends u{render(){return n`<tenon-dialog heading=${this.heading()} @close=${()=>this.dispatchEvent(new CustomEvent("close"))}><div class="stack">${this.body()}</div></tenon-dialog>`}close(){this.dialog.close()}finish(o,t){this.changed(o),this.context.say(t),this.close()}wrong(o=!1){return this.trouble?n`<tenon-problem .problem=${this.trouble} ?fields=${o} @reload=${()=>{this.trouble=void 0,this.changed()}}></tenon-problem>`:s}buttons(o,t,e="main",i=!1){return n`${this.wrong()}<div class="bar">
      <button class=${e} type="button" ?disabled=${this.working||i} @click=${t}>${this.working?At("state.working"):o}</button>
      <button type="button" @click=${()=>this.close()}>${At("action.cancel")}</button>
    </div>`}};r([D("tenon-dialog")],v.prototype,"dialog",2);function qt(c,o){return o?.length?n`<details><summary>${c}</summary><ol class="rows">${o.map(t=>n`<li>
    <h3>${t.title}</h3><p class="small">${t.text}</p>${t.url?n`<a href=${t.url} target="_blank" rel="noopener noreferrer">${t.url}</a>`:s}</li>`)}</ol></details>`:s}var ct=d();function C(c,o){return o.tenant&&o.tenant!==c.tenant?n`<code>${o.tenant}/${o.flowId}</code>`:c.may("flows:read")?n`<a href="/console/flows/${o.flowId}">${o.flowId}</a>`:n`<code>${o.flowId}</code>`}function k(c,o){return n`<ul class="rows">${(o??[]).map(t=>n`<li>
    <div class="between"><span>${C(c,t)} <span class="soft small">${ct("connection.slot",{slot:t.slot})}</span></span>
      <span class="chip">${t.active?ct("connection.flowActive"):ct("connection.flowPaused")}</span></div>
    ${t.scopes?.length?n`<p class="small soft">${ct("connection.flowNeeds",{scopes:t.scopes.join(", ")})}</p>`:s}
  </li>`)}</ul>`}var G=d(),F=class extends v{constructor(){super(...arguments);this.chosen="";this.checking=!1;this.accounts=new $(this,async()=>{let{items:t}=await l(this.context.api.GET("/v1/connections/{connectionId}/accounts",{params:{path:{connectionId:this.shown.connection.id}}}));return t??[]})}heading(){return this.shown.connection.account?G("connection.switchAccount"):G("connection.chooseAccount")}body(){return n`${this.accounts.render(t=>n`
      <fieldset class="stack"><legend>${G("connection.accountsReached")}</legend>${t.map(e=>n`<label class="check">
        <input type="radio" name="account" value=${e.id} .checked=${(this.chosen||this.selected(t))===e.id} @change=${()=>this.choose(e.id)} />
        <span>${e.name??e.id}${e.selected?n` <span class="chip">${G("connection.accountNow")}</span>`:s}<br>
          <span class="small soft">${[e.kind,e.environment,e.url].filter(Boolean).join(" · ")}</span></span></label>`)}</fieldset>
      <div role="status" class="stack">${this.checking?n`<p class="soft">${G("connection.checking")}</p>`:this.consequence()}</div>
      ${this.refusal?n`<tenon-problem .problem=${this.refusal} @reload=${()=>this.changed()}></tenon-problem>`:s}
      ${this.buttons(G("connection.useAccount"),()=>this.save(),"main",!this.impact?.allowed||this.checking)}`)}`}selected(t){return t.find(e=>e.selected)?.id}consequence(){return this.impact?this.impact.allowed?this.impact.flows?.length?n`<p class="note warn">${G("connection.accountFlows")}</p>${k(this.context,this.impact.flows)}`:n`<p class="soft">${G("connection.accountNoFlows")}</p>`:n`<p class="note bad">${this.impact.detail}</p>${k(this.context,this.impact.flows)}`:s}put(t){let{connection:e}=this.shown;return l(this.context.api.PUT("/v1/connections/{connectionId}/account",{params:{path:{connectionId:e.id},query:{dryRun:t},header:{"If-Match":y(e)}},body:{accountId:this.chosen,allowAccountChange:!0}}))}async choose(t){[this.chosen,this.impact,this.refusal,this.checking]=[t,void 0,void 0,!0];try{let{impact:e}=await this.put(!0);this.chosen===t&&(this.impact=e??{allowed:!0})}catch(e){this.chosen===t&&(this.refusal=ot(e))}this.chosen===t&&(this.checking=!1)}async save(){let t=await this.act(()=>this.put(!1));t&&this.finish(t,G("connection.accountChosen"))}};r([m()],F.prototype,"chosen",2),r([m()],F.prototype,"impact",2),r([m()],F.prototype,"refusal",2),r([m()],F.prototype,"checking",2),F=r([p("tenon-connection-account")],F);var I=d(),U=class extends v{constructor(){super(...arguments);this.scopes=!1;this.wanted=[];this.another=!1;this.preview=new $(this,async()=>(this.scopes&&!this.known&&(this.known=await l(this.context.api.GET("/v1/connections/{connectionId}/scopes",{params:this.at})),this.wanted=this.known.missing??[]),l(this.context.api.POST("/v1/connections/{connectionId}/authorize",{params:{...this.at,query:{dryRun:!0}},body:this.request}))))}get at(){return{path:{connectionId:this.shown.connection.id}}}get request(){return{...this.wanted.length?{scopes:this.wanted}:{},...this.another?{allowAccountChange:!0}:{}}}heading(){return this.scopes?I("connection.askScopes"):I("connection.reconnect",{connector:this.shown.connector.name})}body(){let{connection:t,connector:e}=this.shown;return n`<p>${t.credential?I("connection.reconnectLead",{connector:e.name}):I("connection.connectLead",{connector:e.name})}</p>
      ${this.preview.render(i=>n`
        ${this.scopes?this.choices():s}
        ${this.found(i)}
        ${t.account?n`<label class="check"><input type="checkbox" .checked=${this.another} @change=${a=>this.choose(this.wanted,a.target.checked)} />
          <span>${I("connection.anotherAccount",{account:t.account.name??t.account.id})}<br><span class="small soft">${I("connection.anotherAccountHelp")}</span></span></label>`:s}
        ${i.impact?.allowed?n`<tenon-handoff .context=${this.context} .connection=${t} .body=${this.request} system=${e.name}
          @tenon-connected=${a=>this.finish(a.detail.connection,I("connection.reconnected"))}
          @tenon-failed=${()=>this.changed()} @tenon-cancelled=${()=>this.close()}></tenon-handoff>`:s}`)}`}choices(){let t=(this.known?.available??[]).filter(e=>!this.known?.granted?.includes(e.name));return t.length?n`<fieldset class="stack"><legend>${I("connection.scopesChoose")}</legend>${t.map(e=>n`<label class="check">
      <input type="checkbox" .checked=${this.wanted.includes(e.name)} @change=${i=>this.toggle(e.name,i.target.checked)} />
      <span><code>${e.name}</code>${e.description?n`<br><span class="small soft">${e.description}</span>`:s}</span></label>`)}</fieldset>`:n`<p class="soft">${I("connection.scopesAll")}</p>`}toggle(t,e){this.choose(e?[...this.wanted,t]:this.wanted.filter(i=>i!==t),this.another)}choose(t,e){this.wanted=t,this.another=e,this.preview.again()}found({impact:t,scopes:e}){return n`
      ${e?.requested?.length?n`<p class="small">${I("connection.willAsk")} ${e.requested.map(i=>n`<span class="chip">${i}</span> `)}</p>`:s}
      ${e?.added?.length?n`<p class="small"><strong>${I("connection.willAdd")}</strong> ${e.added.join(", ")}</p>`:s}
      ${e?.removed?.length?n`<p class="small"><strong>${I("connection.willRemove")}</strong> ${e.removed.join(", ")}</p>`:s}
      ${t&&!t.allowed?n`<div class="note bad" role="alert"><p>${t.detail}</p>${k(this.context,t.flows)}</div>`:s}`}};r([J({type:Boolean})],U.prototype,"scopes",2),r([m()],U.prototype,"wanted",2),r([m()],U.prototype,"another",2),U=r([p("tenon-connection-authorize")],U);var at=d();function dt(c,o,t){let e=()=>navigator.clipboard.writeText(o).then(()=>c.say(at("action.copied")),()=>c.say(at("problem.unexpected")));return n`<button type="button" aria-label="${at("action.copy")}: ${t}" @click=${e}>${at("action.copy")}</button>`}var L=d();function lt(c){let o=!c.connection.credential;return Y(c)?L(o?"action.connect":"remedy.reconnect"):L(o?"connection.give":"connection.replace")}function Pt(c){let{connection:o}=c;switch(o.remedy){case"reconnect":return!o.credential&&o.pendingCredential?{open:"promote",text:L("connection.promote")}:{open:_(c),text:o.credential?L("remedy.reconnect"):L("action.connect")};case"retry":return{text:L("remedy.retry")};case"fix_input":return o.reason==="account_required"?{open:"account",text:L("connection.chooseAccount")}:{open:w(c)?.inputs?.length?"edit":_(c),text:L("remedy.fix_input")};case"grant_permissions":return{open:Y(c)?"scopes":_(c),text:L("remedy.grant_permissions")};default:return}}var g=d(),pt=class extends u{render(){let{credential:o,pendingCredential:t,previousCredential:e}=this.shown.connection;return this.fold(g("connection.credential"),n`
      ${o||t||e?n`<ul class="rows">
        ${o?this.version(o,s):s}
        ${t?this.version(t,this.writable?n`<button class="main" type="button" @click=${()=>this.open("promote")}>${g("connection.promote")}</button>
          <button type="button" @click=${()=>this.open("discard")}>${g("connection.discard")}</button>`:s):s}
        ${e?this.version(e,this.writable?n`<button type="button" @click=${()=>this.open("rollBack")}>${g("connection.rollBack")}</button>
          <button type="button" @click=${()=>this.open("endGrace")}>${g("connection.endGrace")}</button>`:s):s}
      </ul>`:n`<p class="soft">${g("connection.credentialNone")}</p>`}
      ${this.writable?n`<div class="bar"><button type="button" @click=${()=>this.open(_(this.shown))}>${lt(this.shown)}</button></div>`:s}`,!0)}version(o,t){return n`<li>
      <div class="between"><h3>${g("connection.version",{version:o.version})}</h3><span class="chip">${x("connection.versionState",o.state)}</span></div>
      <dl class="facts">
        ${o.last4?n`<dt>${g("connection.last4")}</dt><dd><code>…${o.last4}</code></dd>`:s}
        ${o.user?n`<dt>${g("connection.user")}</dt><dd>${o.user}</dd>`:s}
        <dt>${g("connection.set")}</dt><dd>${g("connection.byAt",{by:o.setBy,at:j(o.setAt)})}</dd>
        ${o.outcome?n`<dt>${g("connection.checked")}</dt><dd>${x("connection.outcome",o.outcome)}</dd>`:s}
        ${o.lapsesAt?n`<dt>${g("connection.lapses")}</dt><dd>${X(o.lapsesAt)}</dd>`:s}
        ${o.destroyedAt?n`<dt>${g("connection.destroyed")}</dt><dd>${j(o.destroyedAt)} <span class="soft">(${P(o.destroyedAt)})</span></dd>`:s}
      </dl>
      ${o.refresh?n`<p class="note warn small">${x("connection.refresh",o.refresh.state)}${o.refresh.nextAt?n` ${g("connection.refreshNext",{when:P(o.refresh.nextAt)})}`:s}</p>`:s}
      ${o.publicKey?n`<p class="small"><strong>${g("connection.publicKey")}</strong></p><pre>${o.publicKey}</pre><div class="bar">${dt(this.context,o.publicKey,g("connection.publicKey"))}</div>`:s}
      ${t===s?s:n`<div class="bar">${t}</div>`}
    </li>`}};pt=r([p("tenon-connection-credentials")],pt);var St=d(),mt=class extends u{constructor(){super(...arguments);this.uses=new $(this,()=>Q(t=>l(this.context.api.GET("/v1/connections/{connectionId}/dependents",{params:{path:{connectionId:this.shown.connection.id},query:{limit:100,cursor:t}}}))))}refresh(){this.uses.again()}render(){return this.fold(St("connection.usedBy"),n`${this.uses.render(t=>t.length?n`${k(this.context,t)}
      ${this.context.may("flows:write")?n`<div class="bar"><button type="button" @click=${()=>this.open("move")}>${St("connection.move")}</button></div>`:s}`:n`<p class="soft">${St("connection.unused")}</p>`)}`)}};mt=r([p("tenon-connection-dependents")],mt);var b=d(),ht=class extends u{render(){let{connection:o}=this.shown,t=w(this.shown),e=new Map(t?.inputs?.map(i=>[i.name,i.title]));return this.fold(b("connection.details"),n`
      <dl class="facts">
        <dt>${b("connection.account")}</dt><dd>${this.account()}</dd>
        <dt>${b("connection.environment")}</dt><dd>${x("environment",o.environment)}${o.testCredential?n` <span class="chip">${b("connection.testCredential")}</span>`:s}</dd>
        ${Object.entries(o.inputs??{}).map(([i,a])=>n`<dt>${e.get(i)??i}</dt><dd>${a}</dd>`)}
        <dt>${b("connection.labels")}</dt><dd>${this.labels()}</dd>
        <dt>${b("connection.lastUsed")}</dt><dd>${o.lastUsedAt?X(o.lastUsedAt):b("connection.neverUsed")}</dd>
        <dt>${b("connection.created")}</dt><dd>${b("connection.byAt",{by:o.createdBy,at:j(o.createdAt)})}</dd>
        <dt>${b("connection.id")}</dt><dd><code>${o.id}</code></dd>
      </dl>
      ${this.writable?n`<div class="bar">
        <button type="button" @click=${()=>this.open("edit")}>${b("action.edit")}</button>
        ${t?.accounts&&o.credential?n`<button type="button" @click=${()=>this.open("account")}>${o.account?b("connection.switchAccount"):b("connection.chooseAccount")}</button>`:s}
      </div>`:s}`,!0)}account(){let o=this.shown.connection.account;return o?n`${o.name??o.id}${o.name?n` <code class="soft">${o.id}</code>`:s}${o.kind?n` <span class="chip">${o.kind}</span>`:s}`:n`<span class="soft">${this.shown.connection.status==="pending"?b("connection.noAccount"):"–"}</span>`}labels(){let o=Object.entries(this.shown.connection.labels??{});return o.length?n`<ul class="chips">${o.map(([t,e])=>n`<li class="chip">${t}${e?`: ${e}`:""}</li>`)}</ul>`:n`<span class="soft">${b("state.none")}</span>`}};ht=r([p("tenon-connection-details")],ht);var ut=d(),ft=class extends v{heading(){return ut("connection.disableTitle")}body(){let{bindings:o}=this.shown.connection;return n`<p>${ut("connection.disableLead")}</p>
      ${o?n`<p class="note warn">${st("connection.disableFlows",o)}</p>`:s}
      ${this.buttons(ut("connection.disable"),()=>this.disable(),"danger")}`}async disable(){let{connection:o}=this.shown,t=await this.act(()=>l(this.context.api.POST("/v1/connections/{connectionId}/disable",{params:{path:{connectionId:o.id},header:{"If-Match":y(o)}}})));t&&this.finish(t,ut("connection.disabled"))}};ft=r([p("tenon-connection-disable")],ft);var q=d(),H=class extends v{constructor(){super(...arguments);this.given=[];this.labelWrong=""}connectedCallback(){super.connectedCallback(),this.readTemplate()}async readTemplate(){if(!(!this.context.may("templates:read")||!w(this.shown)?.inputs?.length))try{let t=await l(this.context.api.GET("/v1/templates/{templateId}",{params:{path:{templateId:this.shown.connection.templateId}}}));this.given=(t.fields??[]).filter(e=>e.from==="global").map(e=>e.name)}catch{}}heading(){return q("connection.edit")}body(){let{connection:t}=this.shown;return n`${this.wrong(!0)}${Lt(t.revision,n`
      <tenon-schema-form .scheme=${w(this.shown)} .values=${t.inputs??{}} .hide=${this.given} .errors=${this.trouble} ?working=${this.working} label=${q("action.save")}
        @tenon-submit=${e=>this.save(e.detail.inputs)}>
        ${this.nameField(t.name)}${this.labelsField(t.labels)}
        ${this.asksInputs?n`<p class="small soft">${q("connection.inputsWarning")}</p>`:s}
        <button slot="actions" type="button" @click=${()=>this.close()}>${q("action.cancel")}</button>
      </tenon-schema-form>`)}`}nameField(t){let e=this.trouble?.field("/name");return n`<div class="field"><label for="name">${q("connection.name")}</label>
      <input id="name" .value=${t} maxlength="120" autocomplete="off" aria-invalid=${e?"true":"false"} aria-describedby=${e?"name-wrong":s} />
      ${e?n`<p id="name-wrong" class="wrong">${e}</p>`:s}</div>`}labelsField(t){let e=this.labelWrong||this.trouble?.document?.errors?.find(i=>i.pointer.startsWith("/labels"))?.detail;return n`<div class="field"><label for="labels">${q("connection.labels")} <span class="soft">(${q("field.optional")})</span></label>
      <textarea id="labels" spellcheck="false" rows="3" .value=${It(t)} aria-invalid=${e?"true":"false"} aria-describedby="labels-help${e?" labels-wrong":""}"></textarea>
      <p id="labels-help" class="help">${q("connection.labelsHelp")}</p>${e?n`<p id="labels-wrong" class="wrong">${e}</p>`:s}</div>`}get asksInputs(){return(w(this.shown)?.inputs??[]).some(t=>!this.given.includes(t.name))}async save(t){let{connection:e}=this.shown,i=_t(this.labels.value);if(this.labelWrong=i?"":q("connection.labelsWrong"),!i)return;let a={name:this.name.value};It(i)!==It(e.labels)&&(a.labels=i),this.asksInputs&&(a.inputs=t);let f=await this.act(()=>l(this.context.api.PATCH("/v1/connections/{connectionId}",{params:{path:{connectionId:e.id},header:{"If-Match":y(e)}},body:a})));f&&this.finish(f,q("state.saved"))}};r([m()],H.prototype,"given",2),r([m()],H.prototype,"labelWrong",2),r([D("#name")],H.prototype,"name",2),r([D("#labels")],H.prototype,"labels",2),H=r([p("tenon-connection-edit")],H);function It(c){return Object.entries(c??{}).sort(([o],[t])=>o.localeCompare(t)).map(([o,t])=>`${o}=${t}`).join(`
`)}function _t(c){let o=c.split(`
`).map(t=>t.trim()).filter(Boolean);if(!o.some(t=>!/^[^=]+=/.test(t)))return Object.fromEntries(o.map(t=>[t.slice(0,t.indexOf("=")).trim(),t.slice(t.indexOf("=")+1).trim()]))}var $t=d(),vt=class extends u{constructor(){super(...arguments);this.egress=new $(this,()=>l(this.context.api.GET("/v1/egress")))}render(){return this.fold($t("connection.egress"),n`${this.egress.render(({static:t,addresses:e})=>{let i=e??[];return!t||!i.length?n`<p>${$t("connection.egressNone")}</p>`:n`<p>${$t("connection.egressLead",{connector:this.shown.connector.name})}</p>
        <ul class="chips">${i.map(a=>n`<li class="chip"><code>${a}</code></li>`)}</ul>
        <div class="bar">${dt(this.context,i.join(`
`),$t("connection.egress"))}</div>`})}`)}};vt=r([p("tenon-connection-egress")],vt);var O=d(),Z=class extends u{render(){let{connection:o,connector:t}=this.shown;return n`<div class="stack">
      <div class="name">${Ot(t.logo)}<div><h1>${o.name}</h1><p class="soft">${t.name} · ${w(this.shown)?.name??o.authScheme}</p></div></div>
      <div class="card stack">
        <div class="state"><tenon-status status=${o.status}></tenon-status><span class="soft small" title=${P(o.since)}>${O("connection.since",{when:j(o.since)})}</span></div>
        ${o.message?n`<tenon-reason .connection=${o}></tenon-reason>`:s}
        ${o.incident?n`<p class="note warn">${O("connection.incident",{provider:o.incident.provider,when:j(o.incident.since)})}</p>`:s}
        ${this.revocation()}
        ${this.writable?this.actions():s}
        ${this.outcome()}
        ${this.trouble?n`<tenon-problem .problem=${this.trouble} @reload=${()=>{this.trouble=void 0,this.changed()}}></tenon-problem>`:s}
      </div>
    </div>`}revocation(){let{status:o,revocation:t}=this.shown.connection;return o==="disabled"&&t?n`<p class="small soft">${O(`connection.revocation.${t}`)}</p>`:s}actions(){let{connection:o}=this.shown,t=o.status==="disabled"&&o.reason!=="deleting",e=t?void 0:Pt(this.shown),i=_(this.shown);return n`<div class="bar">
      ${o.remedy==="contact_admin"?n`<strong>${O("remedy.contact_admin")}</strong>`:s}
      ${t?n`<button class="main" type="button" ?disabled=${this.working} @click=${()=>this.enable()}>${O("connection.enable")}</button>`:s}
      ${e?n`<button class="main" type="button" ?disabled=${this.working} @click=${()=>e.open?this.open(e.open):this.verify()}>${e.text}</button>`:s}
      ${o.credential&&o.remedy!=="retry"&&!t?n`<button type="button" ?disabled=${this.working} @click=${()=>this.verify()}>${this.working?O("state.working"):O("connection.verify")}</button>`:s}
      ${e?.open===i||t?s:n`<button type="button" @click=${()=>this.open(i)}>${lt(this.shown)}</button>`}
      ${o.status==="disabled"||o.status==="pending"?s:n`<button type="button" @click=${()=>this.open("disable")}>${O("connection.disable")}</button>`}
      <button class="danger" type="button" @click=${()=>this.open("remove")}>${O("action.delete")}</button>
    </div>`}outcome(){let o=this.verdict;return n`<div role="status">${o?n`<p class="note ${o.outcome==="ok"?"good":"warn"}">${o.outcome==="ok"?O("connection.verified"):o.message} <span class="small soft">${j(o.checkedAt)}</span></p>`:s}</div>`}async verify(){this.verdict=void 0,this.verdict=await this.act(()=>l(this.context.api.POST("/v1/connections/{connectionId}/verify",{params:{path:{connectionId:this.shown.connection.id}}}))),this.verdict&&this.changed(this.verdict.connection)}async enable(){let{connection:o}=this.shown,t=await this.act(()=>l(this.context.api.POST("/v1/connections/{connectionId}/enable",{params:{path:{connectionId:o.id},header:{"If-Match":y(o)}}})));t&&(this.changed(t),this.context.say(O("connection.enabled")))}};Z.styles=[...u.styles,M`
    .name { display: flex; gap: 1rem; align-items: center; min-width: 0; }
    .name .mark { width: 3rem; height: 3rem; }
    .name h1 { overflow-wrap: anywhere; }
    .state { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
  `],r([m()],Z.prototype,"verdict",2),Z=r([p("tenon-connection-header")],Z);var gt=d(),Et=10,wt=class extends u{constructor(){super(...arguments);this.entries=new $(this,async()=>{let t=[],e;for(let i=0;i<5&&t.length<Et;i++){let a=await l(this.context.api.GET("/v1/audit",{params:{query:{resource:this.shown.connection.id,limit:Et,cursor:e}}}));if(t.push(...a.items??[]),e=a.nextCursor,!e)break}return t.slice(0,Et)})}refresh(){this.entries.again()}render(){return this.fold(gt("connection.history"),n`${this.entries.render(t=>t.length?n`<ul class="rows">${t.map(e=>n`<li>
        <div class="between"><code>${e.action}</code><span class="small soft" title=${j(e.at)}>${P(e.at)}</span></div>
        <p class="small soft">${e.actor}${e.outcome==="denied"?n` · <strong>${gt("connection.denied")}</strong>`:s}${e.reason?` · ${e.reason}`:""}</p>
      </li>`)}</ul>`:n`<p class="soft">${gt("state.none")}</p>`)}
      <p><a href="/console/audit?resource=${this.shown.connection.id}">${gt("connection.wholeHistory")}</a></p>`)}};wt=r([p("tenon-connection-history")],wt);var A=d(),B=class extends u{constructor(){super(...arguments);this.to="";this.remaining=0;this.left=[];this.others=new $(this,async()=>{let{id:t,connector:e}=this.shown.connection;return(await Q(a=>l(this.context.api.GET("/v1/connections",{params:{query:{connector:e,limit:100,cursor:a}}})),500)).filter(a=>a.id!==t&&a.status!=="disabled"&&!a.testCredential)})}render(){return this.others.render(t=>t.length?n`<div class="stack">
      <label>${A("connection.moveTo")}
        <select @change=${e=>this.choose(e.target.value)}>
          <option value="" .selected=${!this.to}>${A("connection.moveChoose")}</option>
          ${t.map(e=>n`<option value=${e.id} .selected=${e.id===this.to}>${e.name} (${x("environment",e.environment)}, ${x("status",e.status)})</option>`)}
        </select></label>
      <div role="status" class="stack">${this.preview()}${this.progress()}</div>
      ${this.refusal?n`<tenon-problem .problem=${this.refusal}></tenon-problem>`:s}
      ${this.trouble?n`<tenon-problem .problem=${this.trouble}></tenon-problem>`:s}
      <div class="bar"><button class="main" type="button" ?disabled=${this.working||!this.impact?.allowed} @click=${()=>this.move()}>${this.working?A("state.working"):A("connection.moveFlows")}</button></div>
    </div>`:n`<p>${A("connection.moveNowhere")} <a href="/console/add/${this.shown.connection.connector}">${A("action.add")}</a></p>`)}preview(){return this.impact?this.impact.allowed?n`<p>${A("connection.moveFits")}</p>${k(this.context,this.impact.flows)}`:n`<p class="note bad">${this.impact.detail}</p>${k(this.context,this.impact.flows)}`:s}progress(){return this.left.length?n`<p class="note warn">${A("connection.moveLeft")} ${this.left.map((t,e)=>n`${e?", ":""}${C(this.context,{flowId:t})}`)}</p>`:this.working&&this.remaining?n`<p class="soft">${st("connection.moveRemaining",this.remaining)}</p>`:s}rebind(t){return l(this.context.api.POST("/v1/connections/{connectionId}/rebind",{params:{path:{connectionId:this.shown.connection.id},query:{dryRun:t}},body:{to:this.to}}))}async choose(t){if([this.to,this.impact,this.refusal,this.left]=[t,void 0,void 0,[]],!!t)try{let{impact:e}=await this.rebind(!0);this.to===t&&(this.impact=e)}catch(e){this.to===t&&(this.refusal=ot(e))}}async move(){(await this.act(async()=>{for(;;){let e=await this.rebind(!1);if([this.remaining,this.left]=[e.remaining,e.left??[]],e.complete||!e.moved?.length)return e}}))?.complete&&(this.context.say(A("connection.moved")),this.changed(),this.dispatchEvent(new CustomEvent("moved")))}};r([m()],B.prototype,"to",2),r([m()],B.prototype,"impact",2),r([m()],B.prototype,"refusal",2),r([m()],B.prototype,"remaining",2),r([m()],B.prototype,"left",2),B=r([p("tenon-connection-rebind")],B);var bt=class extends v{heading(){return A("connection.move")}body(){return n`<p>${A("connection.moveLead")}</p><tenon-connection-rebind .context=${this.context} .shown=${this.shown} @moved=${()=>this.close()}></tenon-connection-rebind>`}};bt=r([p("tenon-connection-move")],bt);var E=d(),tt=class extends v{constructor(){super(...arguments);this.preview=new $(this,async()=>(await this.end(!0)).impact??{allowed:!0})}end(t){let{connection:e}=this.shown;return l(this.context.api.DELETE("/v1/connections/{connectionId}",{params:{path:{connectionId:e.id},query:{dryRun:t},header:{"If-Match":y(e)}}}))}refresh(){this.receipt||this.preview.again()}heading(){return this.receipt?E("connection.removed"):E("connection.removeTitle",{name:this.shown.connection.name})}body(){return this.receipt?this.ended(this.receipt):n`${this.preview.render(t=>t.allowed?this.ask(t):this.refused(t))}`}ask(t){return n`<p>${E("connection.removeLead",{connector:this.shown.connector.name})}</p>
      ${t.flows?.length?n`<p>${E("connection.removeFlows")}</p>${k(this.context,t.flows)}`:s}
      ${this.buttons(E("action.delete"),()=>this.run(),"danger")}`}refused(t){return n`<div class="note bad" role="alert"><p><strong>${E("connection.removeRefused")}</strong></p><p>${t.detail}</p></div>
      ${k(this.context,t.flows)}
      ${t.flows?.length&&this.context.may("flows:write")?n`<h3>${E("connection.move")}</h3><p class="small soft">${E("connection.removeInstead")}</p>
        <tenon-connection-rebind .context=${this.context} .shown=${this.shown}></tenon-connection-rebind>`:s}
      <div class="bar"><button type="button" @click=${()=>this.close()}>${E("action.close")}</button></div>`}ended(t){let{revocation:e}=t;return n`<div role="status" class="note ${e==="failed"||e==="not_supported"?"warn":"good"}">
        <p>${E("connection.receipt")}</p>${e?n`<p>${E(`connection.revocation.${e}`)}</p>`:s}</div>
      <p class="small soft mono">${t.connectionId}</p>
      <div class="bar"><a class="button main" href="/console/connections">${E("connection.back")}</a></div>`}async run(){this.receipt=await this.act(()=>this.end(!1)),this.receipt&&this.dispatchEvent(new CustomEvent("removed"))}};r([m()],tt.prototype,"receipt",2),tt=r([p("tenon-connection-remove")],tt);var h=d(),K=class extends v{constructor(){super(...arguments);this.mode="replace";this.ends=""}connectedCallback(){super.connectedCallback(),this.shown.connection.pendingCredential&&this.shown.connection.credential&&(this.mode="staged")}heading(){return this.shown.connection.credential?h("connection.replace"):h("connection.give")}body(){let{connection:t}=this.shown,e=w(this.shown);return n`
      ${t.credential||kt(this.shown)?this.modes():s}
      ${t.pendingCredential?n`<p class="note warn">${h("connection.supersedes",{version:t.pendingCredential.version})}</p>`:s}
      ${qt(h("connection.howToRotate"),e?.rotation)}
      ${this.mode==="generate"||!e?.fields?.length?n`
        <p>${this.mode==="generate"?h("connection.generateLead"):h("connection.grantLead")}</p>
        ${this.buttons(this.mode==="generate"?h("connection.generate"):h("connection.grant"),()=>this.save())}`:n`
        ${this.wrong(!0)}
        <tenon-schema-form credential .scheme=${e} .hide=${(e.inputs??[]).map(i=>i.name)} .errors=${this.trouble} ?working=${this.working}
          label=${this.mode==="staged"?h("connection.stage"):h("connection.saveNow")}
          @tenon-submit=${i=>this.save(i.detail.credential)}>
          <div class="field"><label for="ends">${h("connection.ends")} <span class="soft">(${h("field.optional")})</span></label>
            <input id="ends" type="date" aria-describedby="ends-help" .value=${this.ends} @change=${i=>this.ends=i.target.value} />
            <p id="ends-help" class="help">${h("connection.endsHelp")}</p></div>
          <button slot="actions" type="button" @click=${()=>this.close()}>${h("action.cancel")}</button>
        </tenon-schema-form>`}`}modes(){let{connection:t}=this.shown,e=(i,a,f,S=!1)=>n`<label class="check">
      <input type="radio" name="mode" value=${i} .checked=${this.mode===i} ?disabled=${S} @change=${()=>this.mode=i} />
      <span>${a}<br><span class="small soft">${f}</span></span></label>`;return n`<fieldset class="stack"><legend>${t.credential?h("connection.how"):h("connection.howFirst")}</legend>
      ${t.credential?e("replace",h("connection.now"),h("connection.nowHelp"),!!t.pendingCredential):e("replace",h("connection.give"),h("connection.giveHelp"))}
      ${t.credential?e("staged",h("connection.later"),h("connection.laterHelp")):s}
      ${kt(this.shown)?e("generate",h("connection.generate"),h("connection.generateHelp")):s}
    </fieldset>`}async save(t){let{connection:e}=this.shown,i=this.mode==="generate"?{mode:"staged",generate:!0}:{mode:this.mode,credential:t??{},...this.ends?{credentialExpiresAt:new Date(`${this.ends}T23:59:59`).toISOString()}:{}},a=await this.act(()=>l(this.context.api.PUT("/v1/connections/{connectionId}/credential",{params:{path:{connectionId:e.id},header:{"If-Match":y(e)}},body:i})));i.credential=void 0,this.form?.clear(),a&&this.finish(a,this.mode==="replace"?h("connection.replaced"):h("connection.staged"))}};r([m()],K.prototype,"mode",2),r([m()],K.prototype,"ends",2),r([D("tenon-schema-form")],K.prototype,"form",2),K=r([p("tenon-connection-replace")],K);var T=d();function Ft(c){return c.applies&&!!(c.missing?.length||c.drift?.length||c.available?.some(o=>!c.granted?.includes(o.name)))}var yt=class extends u{constructor(){super(...arguments);this.scopes=new $(this,()=>l(this.context.api.GET("/v1/connections/{connectionId}/scopes",{params:{path:{connectionId:this.shown.connection.id}}})))}refresh(){this.scopes.again()}render(){return this.fold(T("connection.scopes"),n`${this.scopes.render(t=>{let e=[...new Set([...t.granted??[],...t.requested??[],...t.missing??[],...(t.required??[]).map(i=>i.scope)])].sort();return n`
        ${t.missing?.length?n`<p class="note warn">${T("connection.scopesMissing")}</p>`:s}
        ${e.length?n`<ul class="rows">${e.map(i=>this.row(t,i))}</ul>`:n`<p class="soft">${T("connection.scopesNone")}</p>`}
        ${t.granted?.length&&!t.grantedReported&&t.applies?n`<p class="small soft">${T("connection.scopesAssumed")}</p>`:s}
        ${t.drift?.length?n`<p class="small soft">${T("connection.scopesDrift",{scopes:t.drift.join(", ")})}</p>`:s}
        ${this.writable&&Y(this.shown)&&Ft(t)?n`<div class="bar">
          <button type="button" class=${t.missing?.length?"main":""} @click=${()=>this.open("scopes")}>${t.missing?.length?T("connection.askMissing"):T("connection.askMore")}</button></div>`:s}`})}`)}row(t,e){let i=t.available?.find(S=>S.name===e)?.description,a=t.required?.find(S=>S.scope===e)?.flows??[],f=t.granted?.includes(e);return n`<li>
      <div class="between"><code>${e}</code>
        <span class="chips">
          ${f?n`<span class="chip">${T("connection.granted")}</span>`:s}
          ${t.missing?.includes(e)?n`<strong class="chip">${T("connection.missing")}</strong>`:s}
          ${!f&&t.requested?.includes(e)?n`<span class="chip">${T("connection.requested")}</span>`:s}
        </span></div>
      ${i?n`<p class="small soft">${i}</p>`:s}
      ${t.connectorRequired?.includes(e)?n`<p class="small soft">${T("connection.neededBySystem")}</p>`:s}
      ${a.length?n`<p class="small">${T("connection.neededBy")} ${a.map((S,xt)=>n`${xt?", ":""}${C(this.context,S)}`)}</p>`:s}
    </li>`}};yt=r([p("tenon-connection-scopes")],yt);var R=d(),[Tt,Ht,W,et]=[480,96,48,48],nt=class extends u{constructor(){super(...arguments);this.ends=new $(this,async()=>(await Q(e=>l(this.context.api.GET("/v1/expirations",{params:{query:{withinDays:3650,limit:100,cursor:e}}})))).filter(e=>e.resourceId===this.shown.connection.id))}refresh(){this.ends.again()}render(){return this.fold(R("connection.timeline"),n`${this.ends.render(t=>{let e=this.points(t);return e.length<2?n`<p class="soft">${R("connection.credentialNone")}</p>`:n`${Nt(e)}<ul class="rows small">${e.filter(i=>i.kind!=="today").map(i=>n`<li><div class="between">
          <span>${R(`connection.point.${i.kind}`)}</span><span>${X(i.at)} <span class="soft">(${P(i.at)})</span></span></div>
          ${i.note?n`<p class="soft">${i.note}</p>`:s}</li>`)}</ul>
        ${e.some(i=>i.kind==="lapses"||i.kind==="rotation")?s:n`<p class="small soft">${R("connection.endless")}</p>`}`})}`)}points(t){let e=this.shown.connection.credential;if(!e)return[];let i=[{kind:"set",at:new Date(e.setAt)},{kind:"today",at:new Date}],a=(f,S,xt)=>{S&&i.push({kind:f,at:new Date(S),note:xt})};e.expiresAt!==e.lapsesAt&&a("expires",e.expiresAt,e.refreshable?R("connection.renewsItself"):void 0),a("lapses",e.lapsesAt,t.find(f=>f.renewal==="automatic"&&f.kind==="refresh_token")?R("connection.movesOn"):void 0);for(let f of t)f.kind==="rotation"||f.kind==="sunset"?a(f.kind,f.date):e.lapsesAt||a("lapses",f.date,x("connection.expiration",f.kind)),a("reminder",f.nextReminderAt);return i.sort((f,S)=>f.at.getTime()-S.at.getTime())}};nt.styles=[...u.styles,M`
    svg { width: 100%; height: auto; max-width: 36rem; display: block; }
    line { stroke: var(--edge); stroke-width: 2; }
    line.past { stroke: var(--accent); stroke-width: 4; }
    circle { fill: var(--card); stroke: var(--edge); stroke-width: 3; }
    circle.today, circle.set { fill: var(--accent); stroke: var(--accent); }
    circle.lapses, circle.rotation, circle.sunset { stroke: var(--amber); }
    circle.ended { fill: var(--red); stroke: var(--red); }
    text { fill: var(--soft); font-size: 14px; text-anchor: middle; }
    text.today { fill: var(--ink); font-weight: 650; }
  `],nt=r([p("tenon-connection-timeline")],nt);function Nt(c){let o=(Tt-2*et)/(c.length-1),t=i=>et+i*o,e=c.findIndex(i=>i.kind==="today");return n`<svg viewBox="0 0 ${Tt} ${Ht}" aria-hidden="true">
    <line x1=${et} y1=${W} x2=${Tt-et} y2=${W} /><line class="past" x1=${et} y1=${W} x2=${t(e)} y2=${W} />
    ${c.map((i,a)=>jt`<circle class="${i.kind} ${i.kind!=="set"&&a<e?"ended":""}" cx=${t(a)} cy=${W} r="7" />
      <text class=${i.kind} x=${t(a)} y=${a%2?W+32:W-20}>${R(`connection.short.${i.kind}`)}</text>`)}
  </svg>`}var N=d(),Gt={none:0,hour:3600,day:86400,week:604800},V=class extends v{constructor(){super(...arguments);this.does="promote";this.grace="day"}get version(){let{pendingCredential:t,previousCredential:e}=this.shown.connection;return this.does==="promote"||this.does==="discard"?t:e}get promotes(){return this.does==="promote"||this.does==="rollBack"}heading(){return N(`connection.${this.does}Title`,{version:this.version?.version??""})}body(){let t=this.version;return t?n`<p>${N(`connection.${this.does}Lead`,{connector:this.shown.connector.name})}</p>
      ${t.outcome&&this.does==="promote"?n`<p class="small">${N("connection.checked")}: ${x("connection.outcome",t.outcome)}</p>`:s}
      ${this.promotes&&this.shown.connection.credential?n`<label>${N("connection.grace")}
        <select @change=${e=>this.grace=e.target.value}>
          ${Object.keys(Gt).map(e=>n`<option value=${e} .selected=${e===this.grace}>${N(`connection.grace.${e}`)}</option>`)}
        </select></label>`:s}
      ${this.buttons(N(`connection.${this.does}`),()=>this.run(t.version),this.promotes?"main":"danger")}`:n`<p>${N("connection.versionGone")}</p>${this.wrong()}`}async run(t){let{connection:e}=this.shown,i={path:{connectionId:e.id},header:{"If-Match":y(e)}},a=await this.act(()=>l(this.promotes?this.context.api.POST("/v1/connections/{connectionId}/credential/promote",{params:i,body:{version:t,graceSeconds:Gt[this.grace]}}):this.context.api.POST("/v1/connections/{connectionId}/credential/discard",{params:i,body:{version:t}})));a&&this.finish(a,N(`connection.${this.does}Done`,{version:t}))}};r([J()],V.prototype,"does",2),r([m()],V.prototype,"grace",2),V=r([p("tenon-connection-version")],V);var Dt=d(),z=class extends rt{constructor(){super(...arguments);this.removed=!1;this.load=new $(this,async()=>{let t=await l(this.context.api.GET("/v1/connections/{connectionId}",{params:{path:{connectionId:this.params.id}}})),e=this.load.value?.connector??await l(this.context.api.GET("/v1/connectors/{connectorId}",{params:{path:{connectorId:t.connector}}}));return{connection:t,connector:e}})}render(){return n`<div class="page" @tenon-open=${t=>this.opened=t.detail} @tenon-changed=${t=>this.take(t.detail)}>
      <p><a href="/console/connections">${Dt("connection.back")}</a></p>
      ${this.load.render(t=>n`
        <tenon-connection-header .context=${this.context} .shown=${t}></tenon-connection-header>
        <div class="columns">${this.facts(t)}${this.surroundings(t)}</div>
        ${this.opened?this.dialog(this.opened,t):s}`)}
    </div>`}facts(t){let e=w(t)?.scopes?.length||t.connection.grantedScopes?.length;return n`<div class="stack">
      <tenon-connection-details .context=${this.context} .shown=${t}></tenon-connection-details>
      <tenon-connection-credentials .context=${this.context} .shown=${t}></tenon-connection-credentials>
      ${e?n`<tenon-connection-scopes .context=${this.context} .shown=${t}></tenon-connection-scopes>`:s}
    </div>`}surroundings(t){return n`<div class="stack">
      <tenon-connection-dependents .context=${this.context} .shown=${t}></tenon-connection-dependents>
      <tenon-connection-timeline .context=${this.context} .shown=${t}></tenon-connection-timeline>
      ${t.connector.network==="allowlist"?n`<tenon-connection-egress .context=${this.context} .shown=${t}></tenon-connection-egress>`:s}
      ${this.context.may("audit:read")?n`<tenon-connection-history .context=${this.context} .shown=${t}></tenon-connection-history>`:s}
    </div>`}dialog(t,e){let i=()=>this.shut();switch(t){case"reconnect":case"scopes":return n`<tenon-connection-authorize .context=${this.context} .shown=${e} ?scopes=${t==="scopes"} @close=${i}></tenon-connection-authorize>`;case"replace":return n`<tenon-connection-replace .context=${this.context} .shown=${e} @close=${i}></tenon-connection-replace>`;case"edit":return n`<tenon-connection-edit .context=${this.context} .shown=${e} @close=${i}></tenon-connection-edit>`;case"account":return n`<tenon-connection-account .context=${this.context} .shown=${e} @close=${i}></tenon-connection-account>`;case"disable":return n`<tenon-connection-disable .context=${this.context} .shown=${e} @close=${i}></tenon-connection-disable>`;case"move":return n`<tenon-connection-move .context=${this.context} .shown=${e} @close=${i}></tenon-connection-move>`;case"remove":return n`<tenon-connection-remove .context=${this.context} .shown=${e} @close=${i} @removed=${()=>this.removed=!0}></tenon-connection-remove>`;default:return n`<tenon-connection-version .context=${this.context} .shown=${e} does=${t} @close=${i}></tenon-connection-version>`}}take(t){t&&this.load.value?this.load.set({...this.load.value,connection:t}):this.load.again()}shut(){this.opened=void 0,this.removed&&this.context.go("/console/connections")}};z.styles=[...it,M`
    .columns { display: grid; gap: var(--gap); align-items: start; }
    @media (min-width: 72rem) { .columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
  `],r([m()],z.prototype,"opened",2),r([m()],z.prototype,"removed",2),z=r([p("tenon-page-connection")],z);export{z as PageConnection};
