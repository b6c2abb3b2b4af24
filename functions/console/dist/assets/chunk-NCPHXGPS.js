import{b as u}from"./chunk-HZJM6QYA.js";import{B as h,J as c,c as a,g as o,i as d,j as p,k as s,l as n,m}from"./chunk-5Q62QOP6.js";import{a as e}from"./chunk-IZSUZKVX.js";var l=h(),t=class extends d{constructor(){super(...arguments);this.heading="";this.action="";this.name="";this.danger=!1;this.refused=!1;this.working=!1;this.typed=""}close(){this.dialog.close()}render(){let r=!this.refused&&!this.working&&(!this.name||this.typed===this.name);return a`<tenon-dialog heading=${this.heading} @close=${()=>this.dispatchEvent(new CustomEvent("close"))}>
      <form novalidate @submit=${i=>{i.preventDefault(),r&&this.dispatchEvent(new CustomEvent("confirm"))}}>
        <slot></slot>
        ${this.name&&!this.refused?u({id:"name",label:l("confirm.type",{name:this.name}),value:this.typed,input:i=>this.typed=i}):o}
        <tenon-problem .problem=${this.problem} @reload=${()=>this.dispatchEvent(new CustomEvent("reload"))}></tenon-problem>
        <div class="bar">
          ${this.refused?o:a`<button type="submit" class=${this.danger?"danger":"main"} ?disabled=${!r}>${this.working?l("state.working"):this.action}</button>`}
          <button type="button" @click=${()=>this.close()}>${l("action.cancel")}</button>
        </div>
      </form>
    </tenon-dialog>`}};t.styles=c,e([s()],t.prototype,"heading",2),e([s({attribute:!1})],t.prototype,"action",2),e([s({attribute:!1})],t.prototype,"name",2),e([s({type:Boolean})],t.prototype,"danger",2),e([s({type:Boolean})],t.prototype,"refused",2),e([s({type:Boolean})],t.prototype,"working",2),e([s({attribute:!1})],t.prototype,"problem",2),e([n()],t.prototype,"typed",2),e([m("tenon-dialog")],t.prototype,"dialog",2),t=e([p("tenon-confirm")],t);
