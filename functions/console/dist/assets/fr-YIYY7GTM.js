import{a}from"./chunk-RW2T3PPF.js";import"./chunk-IZSUZKVX.js";export{a as default};
