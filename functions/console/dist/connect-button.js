import"./assets/chunk-BLEBOT74.js";
