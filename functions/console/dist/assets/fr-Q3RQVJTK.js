import{a}from"./chunk-TVXELV3Q.js";import"./chunk-IZSUZKVX.js";export{a as default};
