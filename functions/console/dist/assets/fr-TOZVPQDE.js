import{a}from"./chunk-PNRWLJAJ.js";import"./chunk-IZSUZKVX.js";export{a as default};
