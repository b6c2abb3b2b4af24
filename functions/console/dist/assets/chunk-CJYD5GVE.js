import{a as b,b as g}from"./chunk-TLWH2TIY.js";import{B as h,J as p,a as d,c as s,i as l,j as c,k as m,m as n}from"./chunk-5Q62QOP6.js";import{a as t,b as o,c as a,d as i}from"./chunk-IZSUZKVX.js";var u=h(),r,e=class extends l{constructor(){super(...arguments);this.heading="";a(this,r,[])}firstUpdated(){i(this,r,b()),this.dialog.showModal()}disconnectedCallback(){super.disconnectedCallback(),setTimeout(()=>g(o(this,r)))}close(){this.dialog.close()}render(){return s`<dialog aria-labelledby="heading" @close=${()=>this.dispatchEvent(new CustomEvent("close"))}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button class="plain" type="button" aria-label=${u("action.close")} @click=${()=>this.close()}>✕</button>
      </header>
      <slot></slot>
    </dialog>`}};r=new WeakMap,e.styles=[...p,d`
    dialog {
      width: min(36rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); padding: 1.5rem; border: 1px solid var(--line);
      border-radius: calc(var(--radius) + 4px); background: var(--card); color: inherit; box-shadow: 0 20px 60px rgb(0 0 0 / 0.35);
    }
    dialog::backdrop { background: rgb(10 14 20 / 0.55); }
    header { display: flex; justify-content: space-between; align-items: start; gap: 1rem; margin-bottom: 1rem; }
  `],t([m()],e.prototype,"heading",2),t([n("dialog")],e.prototype,"dialog",2),e=t([c("tenon-dialog")],e);
