import{a}from"./chunk-T7D6SRKS.js";import"./chunk-IZSUZKVX.js";export{a as default};
