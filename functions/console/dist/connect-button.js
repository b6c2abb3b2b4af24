import{u as a,x as b}from"./assets/chunk-MRODKMSI.js";import"./assets/chunk-I5PNYTJS.js";export{b as TenonConnectButton,a as configure};
