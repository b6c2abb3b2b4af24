import{a}from"./chunk-WZAR4MFJ.js";import"./chunk-IZSUZKVX.js";export{a as default};
