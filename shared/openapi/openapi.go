// Package openapi holds the OpenAPI 3.1 document of the API as text, so that the
// function that serves it links nothing that builds it. It depends on the
// standard library only; package document, below it, writes the text.
package openapi

import _ "embed"

// JSON is the document, written from the route table by
//
//	go test ./shared/openapi -update
//
// It must not be changed.
//
//go:embed openapi.json
var JSON []byte
