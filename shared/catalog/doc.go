// Package catalog holds what is known of each external system: its auth
// schemes, the inputs that address an account, the endpoints, how a credential
// is verified and where it goes on a request. It depends on packages api, fault
// and secret, and on the standard library.
//
// One JSON file per connector under connectors/ is the source; it is embedded
// and read by id when it is asked for, never at start. A file is checked by
// connector.schema.json and by package lint, and carries the pages its facts were
// read on with the day of the reading.
//
// URLs, headers and bodies are templates over a closed set of named values,
// written {name}. A value is typed, and its type decides what may stand in it,
// so that no input can leave the place the connector gave it.
package catalog
