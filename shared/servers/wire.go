package servers

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// answerLimit is how much a server may say before it is hung up on.
const answerLimit = 1 << 20

// errTooMuch ends a connection to a server that does not stop talking.
var errTooMuch = errors.New("the answer is too long")

// wire is a connection that outlasts neither its bounds nor its probe, whatever
// deadlines a driver sets, and that remembers how it broke: drivers do not tell.
type wire struct {
	net.Conn
	step time.Duration
	stop func() bool

	mu       sync.Mutex
	broken   error  // The first failure to read or write.
	first    []byte // What the server said first.
	received int
}

func newWire(ctx context.Context, conn net.Conn, step time.Duration) *wire {
	w := &wire{Conn: conn, step: step}
	w.stop = context.AfterFunc(ctx, func() {
		_ = w.note(os.ErrDeadlineExceeded) // It returns what it is given.
		conn.Close()
	})
	return w
}

// Read implements net.Conn.
func (w *wire) Read(b []byte) (int, error) {
	if err := w.Conn.SetReadDeadline(time.Now().Add(w.step)); err != nil {
		return 0, w.note(err)
	}
	n, err := w.Conn.Read(b)
	if err := w.count(b[:n]); err != nil {
		return 0, w.note(err) // Readers take an error for none where enough was read.
	}
	return n, w.note(err)
}

// Write implements net.Conn.
func (w *wire) Write(b []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(time.Now().Add(w.step)); err != nil {
		return 0, w.note(err)
	}
	n, err := w.Conn.Write(b)
	return n, w.note(err)
}

// Close implements net.Conn.
func (w *wire) Close() error {
	w.stop()
	return w.Conn.Close()
}

// SetDeadline implements net.Conn. The deadlines are the wire's own.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn as SetDeadline does.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn as SetDeadline does.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// count refuses to take more than a server has to say.
func (w *wire) count(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.received += len(b)
	if missing := 5 - len(w.first); missing > 0 {
		w.first = append(w.first, b[:min(missing, len(b))]...)
	}
	if w.received > answerLimit {
		return errTooMuch
	}
	return nil
}

// note remembers the first failure. That a driver closed the connection is none.
func (w *wire) note(err error) error {
	if err == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil && !errors.Is(err, net.ErrClosed) {
		w.broken = err
	}
	return err
}

// failure returns what came first over the connection, and how it broke or nil.
func (w *wire) failure() (first []byte, broken error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.first, w.broken
}
