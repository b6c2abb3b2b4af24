package functionstest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/tenonhq/tenon/shared/id"
)

// counter is a source of randomness that counts, so that identifiers of one
// millisecond sort in the order they were made.
type counter struct{ n atomic.Uint64 }

// Read fills p with the next number, most significant byte first.
func (c *counter) Read(p []byte) (int, error) {
	clear(p)
	binary.BigEndian.PutUint64(p[len(p)-8:], c.n.Add(1))
	return len(p), nil
}

// exactly makes one identifier: the given one.
func (w *World) exactly(identifier string) id.Maker {
	w.t.Helper()
	_, text, _ := strings.Cut(identifier, "_")
	u, err := ulid.ParseStrict(text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id.Maker{Now: func() time.Time { return ulid.Time(u.Time()) }, Random: bytes.NewReader(u.Entropy())}
}

// drawing is a source from which the service draws the given one-time values.
func (w *World) drawing(values ...string) io.Reader {
	w.t.Helper()
	var all []byte
	for _, value := range values {
		drawn, err := base64.RawURLEncoding.Strict().DecodeString(value)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, drawn...)
	}
	return bytes.NewReader(all)
}
