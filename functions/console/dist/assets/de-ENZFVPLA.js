import{a}from"./chunk-NCSMVGBC.js";import"./chunk-IZSUZKVX.js";export{a as default};
