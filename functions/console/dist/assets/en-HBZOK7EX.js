import{a}from"./chunk-P3TR5RDH.js";import"./chunk-IZSUZKVX.js";export{a as default};
