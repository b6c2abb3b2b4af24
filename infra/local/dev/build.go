package dev

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// progressEvery is the pause between two progress lines of a build.
const progressEvery = 3 * time.Second

// builder compiles the functions of the module in root, one build at a time.
type builder struct {
	root string
	out  io.Writer
}

// dir is where the binaries are, one per function and named like it.
func (b builder) dir() string { return filepath.Join(b.root, ".build", "local") }

// Tags are what functions are built with, here and by the Makefile: without the RPC
// mode of old runtimes and without HTTP/2 (ADR 0057).
const Tags = "lambda.norpc,nethttpomithttp2"

// build compiles every function for this machine. After an error, which holds
// the compiler's messages, each function that did not compile keeps its old
// binary.
func (b builder) build(ctx context.Context) error {
	// On the same file system as the result, so that a finished binary is moved
	// into place in one step and nobody starts half of one.
	temporary := filepath.Join(b.root, ".build", "tmp")
	for _, dir := range []string{b.dir(), temporary} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("build directory: %w", err)
		}
	}
	started := time.Now()
	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-tags", Tags, "-o", b.dir()+string(filepath.Separator), "./functions/...")
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "GOTMPDIR="+temporary)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // The compilers it started end with it.
	cmd.WaitDelay = 10 * time.Second
	log := &buildLog{}
	cmd.Stderr = log
	if err := b.runWithProgress(cmd, log, started); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("build functions: %w\n%s", err, log.text())
	}
	_, _ = fmt.Fprintf(b.out, "functions: built in %.1f s\n", time.Since(started).Seconds())
	return nil
}

func (b builder) runWithProgress(cmd *exec.Cmd, log *buildLog, started time.Time) error {
	hint := ""
	if newer(b.dir(), time.Time{}) == 0 {
		hint = " (the first time takes a minute or two)"
	}
	_, _ = fmt.Fprintf(b.out, "functions: building%s\n", hint)
	done := make(chan error, 1)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { done <- cmd.Wait() }()
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			_, _ = fmt.Fprintf(b.out, "functions: building, %.0f s, %d packages compiled, %d binaries linked\n",
				time.Since(started).Seconds(), log.packages(), newer(b.dir(), started))
		}
	}
}

// newer counts the files in dir that were written after start.
func newer(dir string, start time.Time) int {
	count := 0
	entries, _ := os.ReadDir(dir) // An unreadable directory has nothing to count.
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.ModTime().After(start) {
			count++
		}
	}
	return count
}

// buildLog keeps what `go build -v` writes: a line for each package as it is
// compiled, and the errors, which contain a space or follow a "#".
type buildLog struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

func (l *buildLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes.Write(p)
}

func (l *buildLog) packages() int {
	count := 0
	l.lines(func(line []byte) {
		if isPackage(line) {
			count++
		}
	})
	return count
}

func (l *buildLog) text() string {
	var text bytes.Buffer
	l.lines(func(line []byte) {
		if !isPackage(line) {
			text.Write(line)
			text.WriteByte('\n')
		}
	})
	return text.String()
}

func (l *buildLog) lines(visit func([]byte)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	scanner := bufio.NewScanner(bytes.NewReader(l.bytes.Bytes()))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		visit(scanner.Bytes())
	}
}

func isPackage(line []byte) bool { return !bytes.ContainsAny(line, " \t#:") }

// requireSources returns an error that says what to do when root does not hold
// the functions or when the go tool is missing.
func requireSources(root string) error {
	if _, err := os.Stat(filepath.Join(root, "functions")); err != nil {
		return fmt.Errorf("there is no functions directory in %s; run this in the root of the repository", root)
	}
	_, err := exec.LookPath("go")
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return errors.New("the go tool is not on the PATH; install Go from https://go.dev/dl and try again")
	}
	if err != nil {
		return fmt.Errorf("find the go tool: %w", err)
	}
	return nil
}
