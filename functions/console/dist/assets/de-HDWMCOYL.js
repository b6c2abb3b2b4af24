import{a}from"./chunk-NBJUWCWO.js";import"./chunk-IZSUZKVX.js";export{a as default};
