import{B as s,c as n,g as l}from"./chunk-5Q62QOP6.js";var p=s();function o(e,t){let i=[e.help?`${e.id}-help`:"",e.wrong?`${e.id}-wrong`:""].filter(Boolean).join(" ");return n`<div class="field">
    <label for=${e.id}>${e.label} ${e.optional?n`<span class="soft small">(${p("field.optional")})</span>`:l}</label>
    ${t({by:i||l,invalid:e.wrong?"true":l})}
    ${e.help?n`<p class="help" id="${e.id}-help">${e.help}</p>`:l}
    ${e.wrong?n`<p class="wrong" id="${e.id}-wrong">${e.wrong}</p>`:l}
  </div>`}function $(e){return o(e,t=>n`<input id=${e.id} type=${e.type??"text"} .value=${e.value} ?required=${e.required} autocomplete="off" spellcheck="false"
    aria-describedby=${t.by} aria-invalid=${t.invalid} @input=${i=>e.input(i.target.value)} />`)}function g(e){return o(e,t=>n`<textarea id=${e.id} .value=${e.value} autocomplete="off" spellcheck="false"
    aria-describedby=${t.by} aria-invalid=${t.invalid} @input=${i=>e.input(i.target.value)}></textarea>`)}function m(e){return o(e,t=>n`<input id=${e.id} type="password" autocomplete="off" spellcheck="false" aria-describedby=${t.by} aria-invalid=${t.invalid} />`)}function b(e){return o(e,t=>n`<select id=${e.id} aria-describedby=${t.by} aria-invalid=${t.invalid} @change=${i=>e.change(i.target.value)}>
    ${e.options.map(([i,a])=>n`<option value=${i} .selected=${i===e.value}>${a}</option>`)}
  </select>`)}function h(e){return n`<div class="field">
    <label class="check" for=${e.id}><input id=${e.id} type="checkbox" .checked=${e.checked} aria-describedby=${e.help?`${e.id}-help`:l}
      @change=${t=>e.change(t.target.checked)} /><span>${e.label}</span></label>
    ${e.help?n`<p class="help" id="${e.id}-help">${e.help}</p>`:l}
  </div>`}function v(e){return e.split(`
`).map(t=>t.trim()).filter(Boolean)}function y(e,t,i){let a=(e?.document?.errors??[]).flatMap(r=>{if(r.pointer===t)return[r.detail];if(!r.pointer.startsWith(`${t}/`))return[];let d=i[Number(r.pointer.slice(t.length+1).split("/")[0])];return[d===void 0?r.detail:`${d}: ${r.detail}`]});return a.length?a.join(" "):void 0}async function x(e){await e.updateComplete,e.renderRoot.querySelector('[aria-invalid="true"]')?.focus()}export{o as a,$ as b,g as c,m as d,b as e,h as f,v as g,y as h,x as i};
