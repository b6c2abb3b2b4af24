package api

import "net/url"

// AssetRef names a file of the console.
type AssetRef struct {
	Path string `json:"-" path:"path" maxLength:"200"`
	// Query is the page's own matter.
	Query          url.Values `json:"-" event:"query"`
	AcceptEncoding string     `json:"-" header:"Accept-Encoding" maxLength:"256"`
	IfNoneMatch    string     `json:"-" header:"If-None-Match" maxLength:"256"`
}

// Asset is a file for a browser: a page, a script, a style sheet.
type Asset struct {
	Status    int    // 200 or 304, which has no body.
	MediaType string // "text/html; charset=utf-8".
	Body      []byte
	Encoding  string // Content-Encoding of the body; empty for none.
	Tag       string // Entity tag, in quotes.
	Cache     string // Cache-Control.
	Policy    string // Content-Security-Policy of a page; empty for what is no page.
	Shared    bool   // Pages of other origins may load it.
}
