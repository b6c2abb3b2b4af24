import{a}from"./chunk-KXK4QTNM.js";import"./chunk-IZSUZKVX.js";export{a as default};
