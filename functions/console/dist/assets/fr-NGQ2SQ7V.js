import{a}from"./chunk-F6GFI75E.js";import"./chunk-IZSUZKVX.js";export{a as default};
