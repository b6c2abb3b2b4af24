package gateway

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// maxLine is where a line without an end is cut, in bytes.
const maxLine = 256 << 10

// logger writes whole lines, each with a prefix, from many goroutines.
type logger struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *logger) printf(prefix, format string, args ...any) {
	l.line(prefix, fmt.Appendf(nil, format, args...))
}

// line writes one line; a log that cannot be written is not worth a failure.
func (l *logger) line(prefix string, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = fmt.Fprintf(l.out, "%s | %s\n", prefix, bytes.TrimRight(text, "\r\n"))
}

// lineWriter is the output of one process.
type lineWriter struct {
	log     *logger
	prefix  string
	partial []byte
}

func (w *lineWriter) Write(b []byte) (int, error) {
	w.partial = append(w.partial, b...)
	for {
		end := bytes.IndexByte(w.partial, '\n')
		if end < 0 && len(w.partial) < maxLine {
			return len(b), nil
		}
		if end < 0 {
			end = len(w.partial) - 1
		}
		w.log.line(w.prefix, w.partial[:end+1])
		w.partial = w.partial[end+1:]
	}
}

// flush writes what remains when the process has ended.
func (w *lineWriter) flush() {
	if len(w.partial) > 0 {
		w.log.line(w.prefix, w.partial)
		w.partial = nil
	}
}
