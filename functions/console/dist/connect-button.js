import{v as a,y as b}from"./assets/chunk-EEE24EVH.js";import"./assets/chunk-I5PNYTJS.js";export{b as TenonConnectButton,a as configure};
