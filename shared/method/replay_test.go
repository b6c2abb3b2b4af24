package method_test

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// A connection that was used before dies under the POST: net/http sends again
// what it may, and it may not.
func TestREF10ReusedConnection(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*atomic.Int64) *httptest.Server{
		"REF-10 keep-alive EOF": hangsUp, "REF-10 HTTP/2 GOAWAY": goesAway,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var posts atomic.Int64
			server := start(&posts)
			t.Cleanup(server.Close)
			c := server.Client()
			res, err := c.Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			_, err = grant(server.URL, "client_secret_post", "grant_type", "refresh_token").Send(t.Context(), method.Reach{HTTP: c})
			if !fault.Has(err, fault.CodeProviderUnavailable) || errors.Is(err, method.ErrNotSent) {
				t.Errorf("Send: got %v, want provider_unavailable, and sent", err)
			}
			if posts.Load() != 1 {
				t.Errorf("the token endpoint got %d requests, want 1", posts.Load())
			}
		})
	}
}

// hangsUp returns a server that reads a POST and closes the connection.
func hangsUp(posts *atomic.Int64) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			io.Copy(io.Discard, r.Body)
			posts.Add(1)
			panic(http.ErrAbortHandler)
		}
	}))
}

// goesAway returns an HTTP/2 server that reads a POST and tells that it will
// not look at it, after which a client is free to send it again (RFC 9113 6.8).
func goesAway(posts *atomic.Int64) *httptest.Server {
	s := httptest.NewUnstartedServer(nil)
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{NextProtos: []string{"h2"}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) { speakHTTP2(c, posts) },
	}
	s.StartTLS()
	return s
}

// The frames of RFC 9113 6 that the server knows.
const (
	frameData     = 0
	frameHeaders  = 1
	frameSettings = 4
	frameGoAway   = 7
	endOfStream   = 0x1 // Also the acknowledgement of settings.
	endOfHeaders  = 0x4
)

func speakHTTP2(c io.ReadWriter, posts *atomic.Int64) {
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	if _, err := io.ReadFull(c, make([]byte, len(preface))); err != nil {
		return
	}
	writeFrame(c, frameSettings, 0, 0, nil)
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		length, kind, last := int64(head[0])<<16|int64(head[1])<<8|int64(head[2]), head[3], head[4]&endOfStream != 0
		if _, err := io.CopyN(io.Discard, c, length); err != nil {
			return
		}
		switch {
		case kind == frameSettings && !last:
			writeFrame(c, frameSettings, endOfStream, 0, nil)
		case kind == frameHeaders && last: // A GET has no data.
			writeFrame(c, frameHeaders, endOfStream|endOfHeaders, binary.BigEndian.Uint32(head[5:]), []byte{0x88}) // :status 200.
		case kind == frameData && last:
			posts.Add(1)
			writeFrame(c, frameGoAway, 0, 0, make([]byte, 8)) // No stream was processed, no error.
		}
	}
}

func writeFrame(w io.Writer, kind, flags byte, stream uint32, payload []byte) {
	frame := append([]byte{0, 0, byte(len(payload)), kind, flags}, binary.BigEndian.AppendUint32(nil, stream)...)
	w.Write(append(frame, payload...)) // The reads tell when the client has gone.
}
