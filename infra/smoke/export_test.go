package smoke

// Definition is the connector that a run defines.
var Definition = definition
