package bench

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// progress tells what goes on, line by line with the time since the start.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	begun time.Time
}

func (p *progress) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = fmt.Fprintf(p.out, "%5.1f s  %s\n", time.Since(p.begun).Seconds(), fmt.Sprintf(format, args...))
}

// logWriter keeps what the dev environment says in a file and passes on how far
// its build is.
type logWriter struct {
	file     *os.File
	progress *progress
}

// Write implements io.Writer.
func (w logWriter) Write(text []byte) (int, error) {
	if bytes.HasPrefix(text, []byte("functions: ")) {
		w.progress.printf("%s", strings.TrimSpace(string(text)))
	}
	return w.file.Write(text)
}
