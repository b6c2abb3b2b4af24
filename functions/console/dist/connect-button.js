import{t as a,w as b}from"./assets/chunk-KECQSBTT.js";import"./assets/chunk-I5PNYTJS.js";export{b as TenonConnectButton,a as configure};
