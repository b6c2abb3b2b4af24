package rig

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// runtime is the Lambda Runtime API (2018-06-01) of one process.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtime struct {
	listener net.Listener
	server   *http.Server
	name     string
	asked    chan time.Time // When the first event was asked for.
	refused  chan string    // Why the process cannot begin.
	events   chan []byte
	answers  chan answer

	mu    sync.Mutex
	asks  int
	count int
	open  string // The invocation that has no answer yet.
	sent  time.Time
}

// answer is what the process made of an event; err is set when it says that it
// failed.
type answer struct {
	body []byte
	took time.Duration
	err  error
}

const answerLimit = 21 << 20 // Above the largest answer that Lambda takes.

// lifetime is the longest that Lambda lets a function work on an event.
const lifetime = 15 * time.Minute

func newRuntime(name string) (*runtime, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the Runtime API: %w", err)
	}
	a := &runtime{
		listener: listener, name: name, asked: make(chan time.Time, 1), refused: make(chan string, 1),
		events: make(chan []byte), answers: make(chan answer, 1),
	}
	const base = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"invocation/next", a.next)
	mux.HandleFunc("POST "+base+"invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) { a.take(w, r, false) })
	mux.HandleFunc("POST "+base+"invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) { a.take(w, r, true) })
	mux.HandleFunc("POST "+base+"init/error", a.refuse)
	a.server = &http.Server{Handler: mux, ReadHeaderTimeout: Patience}
	go func() { _ = a.server.Serve(listener) }() // It ends when the server is closed.
	return a, nil
}

func (a *runtime) address() string { return a.listener.Addr().String() }

func (a *runtime) close() error { return a.server.Close() }

// next hands over an event when there is one.
func (a *runtime) next(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	a.mu.Lock()
	a.asks++
	first := a.asks == 1
	a.mu.Unlock()
	if first {
		a.asked <- now
	}
	var event []byte
	select {
	case event = <-a.events:
	case <-r.Context().Done():
		return
	}
	a.mu.Lock()
	a.count++
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", a.count)
	a.open, a.sent = id, time.Now()
	a.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(event)))
	h.Set("Lambda-Runtime-Aws-Request-Id", id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(lifetime).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:"+a.name)
	_, _ = w.Write(event) // Who has hung up does not read it.
}

// take passes an answer on to the one who waits for it.
func (a *runtime) take(w http.ResponseWriter, r *http.Request, failed bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, answerLimit))
	now := time.Now()
	a.mu.Lock()
	known, sent := a.open != "" && r.PathValue("id") == a.open, a.sent
	if known {
		a.open = ""
	}
	a.mu.Unlock()
	if !known {
		http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"no such invocation"}`, http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	got := answer{body: body, took: now.Sub(sent), err: err}
	if failed {
		got.err = fmt.Errorf("the function failed: %s", oneLine(body))
	}
	a.answers <- got
}

func (a *runtime) refuse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, answerLimit))
	if err != nil {
		body = []byte(err.Error())
	}
	w.WriteHeader(http.StatusAccepted)
	select {
	case a.refused <- oneLine(body):
	default:
	}
}

func oneLine(text []byte) string {
	const most = 400
	line := strings.Join(strings.Fields(string(text)), " ")
	if len(line) > most {
		line = line[:most] + "…"
	}
	return line
}
