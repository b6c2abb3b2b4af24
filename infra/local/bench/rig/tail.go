package rig

import (
	"io"
	"os"
	"strings"
	"sync"
)

// logLimit is how much is kept of what a process writes, in bytes.
const logLimit = 1 << 20

// tail keeps the end of a log. It is safe for concurrent use.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// follow reads a log to its end.
func (t *tail) follow(log *os.File) {
	_, _ = io.Copy(t, log) // A log that cannot be read is one that has ended.
	_ = log.Close()
}

// Write implements io.Writer.
func (t *tail) Write(part []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, part...)
	if len(t.text) > logLimit {
		t.text = append([]byte(nil), t.text[len(t.text)-logLimit:]...)
	}
	return len(part), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
