import{a}from"./chunk-6HW6WUFX.js";import"./chunk-IZSUZKVX.js";export{a as default};
