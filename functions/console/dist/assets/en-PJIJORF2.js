import{a}from"./chunk-JNIFXKHO.js";import"./chunk-IZSUZKVX.js";export{a as default};
