package e2e_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// canaries are the secrets of a run, by value, with what each is. It is safe
// for concurrent use.
type canaries struct {
	mu    sync.Mutex
	kinds map[string]string
}

func newCanaries() *canaries { return &canaries{kinds: map[string]string{}} }

// leastSecret is the length below which a value is no secret worth looking for:
// it would be found by chance.
const leastSecret = 12

// add remembers a secret and returns it.
func (c *canaries) add(kind, value string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(value) >= leastSecret {
		c.kinds[value] = kind
	}
	return value
}

// make returns a new random secret of the kind, to be pushed through the product.
func (c *canaries) make(kind string) string { return c.add(kind, "canary-"+rand.Text()) }

// of returns the secrets of one kind that have passed so far.
func (c *canaries) of(kind string) map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]bool{}
	for value, is := range c.kinds {
		if is == kind {
			found[value] = true
		}
	}
	return found
}

// search is an index over every form of every secret.
type search struct{ forms map[string][]form }

// form is one way to write a secret down.
type form struct {
	secret, kind, name string
	text               []byte
}

// window is how many bytes of a form are looked up at once. No form is shorter.
const window = 8

func (c *canaries) search() search {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := search{forms: map[string][]form{}}
	for value, kind := range c.kinds {
		for name, text := range forms(value) {
			key := string(text[:window])
			s.forms[key] = append(s.forms[key], form{value, kind, name, text})
		}
	}
	return s
}

// in returns the secrets in content as "<kind> (<form>)", each once.
func (s search) in(content []byte) []string {
	seen := map[string]bool{}
	var hits []string
	for i := 0; i+window <= len(content); i++ {
		for _, f := range s.forms[string(content[i:i+window])] {
			if bytes.HasPrefix(content[i:], f.text) && !seen[f.secret] {
				seen[f.secret] = true
				hits = append(hits, f.kind+" ("+f.name+")")
			}
		}
	}
	return hits
}

// forms returns the ways in which a secret may have been written down.
func forms(value string) map[string][]byte {
	raw := []byte(value)
	sum := sha256.Sum256(raw)
	quoted, _ := json.Marshal(value) // A string can be marshalled.
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // As log/slog writes it.
	_ = encoder.Encode(value)    // As well.
	digest := hex.EncodeToString(sum[:])
	out := map[string][]byte{
		"raw":             raw,
		"hex":             []byte(hex.EncodeToString(raw)),
		"HEX":             []byte(strings.ToUpper(hex.EncodeToString(raw))),
		"query escaped":   []byte(url.QueryEscape(value)),
		"path escaped":    []byte(url.PathEscape(value)),
		"JSON escaped":    quoted[1 : len(quoted)-1],
		"JSON in a log":   bytes.TrimSuffix(plain.Bytes()[1:], []byte("\"\n")),
		"sha256":          sum[:],
		"sha256 hex":      []byte(digest[:16]),
		"sha256 HEX":      []byte(strings.ToUpper(digest[:16])),
		"sha256 base64":   []byte(base64.StdEncoding.EncodeToString(sum[:])[:16]),
		"sha256 base64 u": []byte(base64.URLEncoding.EncodeToString(sum[:])[:16]),
	}
	for offset, name := range []string{"base64", "base64 +1", "base64 +2"} {
		out[name] = encodedInside(base64.StdEncoding, raw, offset)
		out[name+" u"] = encodedInside(base64.URLEncoding, raw, offset)
	}
	return out
}

// encodedInside returns the characters that the base64 text of any longer value
// has when raw stands in it at a position that leaves the given remainder by
// three. Characters that depend on the neighbours are cut off.
func encodedInside(encoding *base64.Encoding, raw []byte, offset int) []byte {
	padded := append(make([]byte, offset), raw...)
	whole := len(padded) * 8 / 6
	return []byte(encoding.EncodeToString(padded)[(offset*8+5)/6 : whole])
}

// TestSearchFindsPlantedSecrets proves the search, without which an empty
// result would mean nothing.
func TestSearchFindsPlantedSecrets(t *testing.T) {
	t.Parallel()
	c := newCanaries()
	secret := c.make(`p"ss&wörd`)
	s := c.search()
	sum := sha256.Sum256([]byte(secret))
	for name, planted := range map[string]string{
		"raw":       secret,
		"query":     "a=" + url.QueryEscape(secret) + "&b",
		"hex":       hex.EncodeToString([]byte("x" + secret)),
		"digest":    string(sum[:]),
		"hexdigest": hex.EncodeToString(sum[:]),
		"short":     base64.RawURLEncoding.EncodeToString(sum[:])[:22],
	} {
		if len(s.in([]byte("before "+planted+" after"))) != 1 {
			t.Errorf("%s: not found", name)
		}
	}
	for before := range 7 {
		for after := range 7 {
			text := strings.Repeat("b", before) + secret + strings.Repeat("a", after)
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				if len(s.in([]byte(encoding.EncodeToString([]byte(text))))) != 1 {
					t.Errorf("base64 with %d bytes before and %d after: not found", before, after)
				}
			}
		}
	}
	if hits := s.in([]byte("canary-" + secret[8:])); len(hits) > 0 {
		t.Errorf("found %v in another value", hits)
	}
}

// TestSearchFindsEscapedSecrets covers a value that no encoding leaves alone.
func TestSearchFindsEscapedSecrets(t *testing.T) {
	t.Parallel()
	c := newCanaries()
	secret := c.add("password", `p"ss & w<>rd/ü+%`)
	quoted, err := json.Marshal(map[string]string{"password": secret})
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	slog.New(slog.NewJSONHandler(&line, nil)).Info("oops", "error", secret)
	for name, planted := range map[string]string{
		"JSON": string(quoted), "log line": line.String(), "query": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"basic": base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	} {
		if hits := c.search().in([]byte(planted)); len(hits) != 1 {
			t.Errorf("%s: got %v, want one hit", name, hits)
		}
	}
}
