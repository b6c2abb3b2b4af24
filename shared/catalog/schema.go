package catalog

import _ "embed"

//go:embed connector.schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of a connector's file.
func Schema() string { return schema }
