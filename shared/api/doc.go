// Package api holds the wire types of every operation. It depends on the
// standard library only.
//
// A request type gathers everything an operation reads: fields tagged path,
// query or header come from there, a field tagged event is filled from the
// gateway event itself, and the rest are the members of the JSON body. The
// validation tags (required by default, minLength, maxLength, pattern, enum,
// minimum, maximum, format, doc) are those of huma; package web enforces them
// and package openapi publishes them.
package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"time"
)

// None is the request or response of an operation that has none.
type None struct{}

// Page is the part of every list request that moves through the list.
type Page struct {
	Limit  int    `json:"-" query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items to return at most."`
	Cursor string `json:"-" query:"cursor" maxLength:"1024" doc:"The nextCursor of the page before."`
}

// Browser is the answer of a route that a person's browser opens: a page of
// ours or a redirect, always with the headers that keep codes and tickets out
// of referrers, caches and frames.
type Browser struct {
	Status   int      // 200, 303 or 4xx.
	Location string   // Set with 303 only.
	HTML     string   // A complete document; empty with 303.
	Cookies  []string // Set-Cookie values.
}

// Visit is what a browser route reads from the gateway event.
type Visit struct {
	Query    url.Values        `json:"-" event:"query"`
	Form     url.Values        `json:"-" event:"form"` // Of multipart/form-data, too; of a file, what is in it.
	Cookies  map[string]string `json:"-" event:"cookies"`
	Language string            `json:"-" event:"language"` // In which pages answer: en, de or fr.
}

// fingerprint hashes values in a form in which equal requests are equal: fmt
// prints maps in the order of their keys and strings quoted.
func fingerprint(parts ...any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", parts))
	return hex.EncodeToString(sum[:16])
}

// instant is a time as a part of a fingerprint, empty for none.
func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
