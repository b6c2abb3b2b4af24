package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// result is what the results file says of one line. It never holds a secret.
type result struct {
	Line         int    `json:"line"`
	ExternalID   string `json:"externalId,omitempty"`
	Status       string `json:"status"` // created, exists, failed.
	ConnectionID string `json:"connectionId,omitempty"`
	Code         string `json:"code,omitempty"`
	Detail       string `json:"detail,omitempty"`
}

func (r result) done() bool { return r.Status == "created" || r.Status == "exists" }

// results is the file that results are appended to, with what earlier runs have
// done by it.
type results struct {
	file *os.File
	done map[string]bool // By external id.
}

// openResults reads what is there. The last line may be torn: a run that was
// killed wrote it. It is ended, so that the next one is whole.
func openResults(path string) (*results, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // The file the caller names.
	if err != nil {
		return nil, err
	}
	r := &results{file: file, done: map[string]bool{}}
	in, whole := bufio.NewReader(file), true
	for {
		text, err := in.ReadBytes('\n')
		var earlier result
		if json.Unmarshal(text, &earlier) == nil && earlier.done() {
			r.done[earlier.ExternalID] = true
		}
		if errors.Is(err, io.EOF) {
			whole = len(text) == 0
			break
		}
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	if !whole {
		if _, err := file.WriteString("\n"); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return r, nil
}

// add appends one result in one write.
func (r *results) add(x result) error {
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	if _, err := r.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	return nil
}

// tally counts and tells how far the import is.
type tally struct {
	total, done, failed int
	sent                int // By this run.
	begun               time.Time
	out                 io.Writer
}

func (t *tally) print() {
	rate := float64(t.sent) / max(time.Since(t.begun).Seconds(), 0.001)
	_, _ = fmt.Fprintf(t.out, "%d done, %d failed of %d (%.1f/s)\n", t.done, t.failed, t.total, rate)
}
