import{H as c,a as t,b as a,h as i,i as o,j as d,l as s,z as l}from"./chunk-LQP3WBDK.js";import{a as r}from"./chunk-IZSUZKVX.js";var m=l(),e=class extends i{constructor(){super(...arguments);this.heading=""}firstUpdated(){this.dialog.showModal()}close(){this.dialog.close()}render(){return a`<dialog aria-labelledby="heading" @close=${()=>this.dispatchEvent(new CustomEvent("close"))}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button class="plain" type="button" aria-label=${m("action.close")} @click=${()=>this.close()}>✕</button>
      </header>
      <slot></slot>
    </dialog>`}};e.styles=[...c,t`
    dialog {
      width: min(36rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); padding: 1.5rem; border: 1px solid var(--line);
      border-radius: calc(var(--radius) + 4px); background: var(--card); color: inherit; box-shadow: 0 20px 60px rgb(0 0 0 / 0.35);
    }
    dialog::backdrop { background: rgb(10 14 20 / 0.55); }
    header { display: flex; justify-content: space-between; align-items: start; gap: 1rem; margin-bottom: 1rem; }
  `],r([d()],e.prototype,"heading",2),r([s("dialog")],e.prototype,"dialog",2),e=r([o("tenon-dialog")],e);
