import{a}from"./chunk-PSULWQUA.js";import"./chunk-IZSUZKVX.js";export{a as default};
