package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/fault"
)

// dist is what the sources in ui are bundled into: make golden.
//
//go:embed dist
var dist embed.FS

// document is the one page; every address of it shows another part.
const document = "index.html"

// placeholder stands in the page where the configuration of the stage goes.
const placeholder = "{{configuration}}"

// Files whose names change with their content are kept for a year. What others
// load by a lasting name is asked for again after five minutes, the page always.
const (
	immutable  = "public, max-age=31536000, immutable"
	shortLived = "public, max-age=300"
	always     = "no-cache"
)

// mediaTypes are those of the files there are.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// files serves a bundle to one stage.
type files struct {
	all    fs.FS
	page   []byte
	policy string

	mu     sync.Mutex
	zipped map[string][]byte // By name; each is compressed once.
}

// newFiles returns the files below dist, with a page that knows the stage.
func newFiles(all fs.FS, c environ.Config) *files {
	f := &files{all: all, policy: policy(c), zipped: map[string][]byte{}}
	page, err := fs.ReadFile(all, "dist/"+document)
	if err != nil {
		return f // The console was not bundled; it is not there.
	}
	f.page = bytes.ReplaceAll(page, []byte(placeholder), []byte(html.EscapeString(configuration(c))))
	return f
}

// configuration is what the page must know before anybody has signed in.
func configuration(c environ.Config) string {
	// Leases are for runtimes: a page has no use for a credential.
	scopes := slices.DeleteFunc(auth.Scopes(), func(s string) bool { return s == auth.ConnectionsLease })
	if len(c.ConsoleScopes) > 0 {
		// The page asks for these by itself.
		scopes = slices.DeleteFunc(slices.Clone(c.ConsoleScopes), func(s string) bool { return s == "openid" || s == "profile" || s == "email" })
	}
	text, _ := json.Marshal(map[string]any{ // Strings always marshal.
		"stage": c.Stage, "issuer": c.Issuer, "clientId": c.ConsoleClient, "scopes": scopes,
	})
	return string(text)
}

// policy lets the page run our scripts and talk to the API and the issuer, and
// nothing else. Marks of connectors are images of the data scheme, in which no
// script runs.
func policy(c environ.Config) string {
	connect := []string{"'self'"}
	if issuer, err := url.Parse(c.Issuer); err == nil && issuer.Host != "" {
		connect = append(connect, issuer.Scheme+"://"+issuer.Host)
	}
	connect = append(connect, c.ConsoleOrigins...)
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " + strings.Join(connect, " ") +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
}

// get returns a file. What is neither below assets nor at the top with an extension
// is an address of the page: the ids in one may have dots.
func (f *files) get(in api.AssetRef) (api.Asset, error) {
	name := strings.TrimPrefix(path.Clean("/"+in.Path), "/")
	a := api.Asset{Status: http.StatusOK, Cache: immutable, Shared: true}
	switch top := !strings.Contains(name, "/"); {
	case strings.HasPrefix(name, "assets/"):
	case top && path.Ext(name) != "" && name != document:
		a.Cache = shortLived
	default:
		name, a.Cache, a.Policy, a.Shared = document, always, f.policy, false
	}
	body, err := f.read(name)
	if err != nil {
		return api.Asset{}, errNotFound
	}
	sum := sha256.Sum256(body)
	a.MediaType, a.Body = mediaTypes[path.Ext(name)], body
	a.Tag = fmt.Sprintf(`W/"%s"`, base64.RawURLEncoding.EncodeToString(sum[:12])) // Weak: it is that of the compressed form, too.
	if strings.Contains(in.IfNoneMatch, a.Tag) {
		a.Status, a.Body = http.StatusNotModified, nil
		return a, nil
	}
	if strings.Contains(in.AcceptEncoding, "gzip") {
		a.Body, a.Encoding = f.zip(name, body), "gzip"
	}
	return a, nil
}

var errNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such file.")

func (f *files) read(name string) ([]byte, error) {
	if name == document && f.page != nil {
		return f.page, nil
	}
	if name == document || mediaTypes[path.Ext(name)] == "" {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(f.all, "dist/"+name)
}

func (f *files) zip(name string, body []byte) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.zipped[name] == nil {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // The level is one there is.
		_, _ = w.Write(body)                                  // A buffer takes everything.
		_ = w.Close()
		f.zipped[name] = b.Bytes()
	}
	return f.zipped[name]
}
