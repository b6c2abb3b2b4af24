import{a}from"./chunk-5MKU3JIU.js";import"./chunk-IZSUZKVX.js";export{a as default};
