package gateway

import (
	"io"
	"net/http"
	"strconv"
)

// maxResponse is Lambda's limit for a synchronous response, in bytes.
const maxResponse = 6291556

// runtimeAPI serves the Lambda Runtime API to every process of every
// function; the path prefix /{function}/{process} tells them apart. The
// process part is random, so no other local program can answer for one.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func runtimeAPI(pools map[string]*pool) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h func(http.ResponseWriter, *http.Request, *pool, *process)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			p := pools[r.PathValue("function")]
			if p == nil {
				http.NotFound(w, r)
				return
			}
			proc := p.find(r.PathValue("process"))
			if proc == nil {
				http.NotFound(w, r)
				return
			}
			h(w, r, p, proc)
		})
	}
	const prefix = "/{function}/{process}/2018-06-01/runtime/"
	handle("GET "+prefix+"invocation/next", serveNext)
	handle("POST "+prefix+"invocation/{id}/response", serveResponse)
	handle("POST "+prefix+"invocation/{id}/error", serveError)
	handle("POST "+prefix+"init/error", serveInitError)
	const extension = "/{function}/{process}/2020-01-01/extension/"
	handle("POST "+extension+"register", serveRegister)
	handle("GET "+extension+"event/next", serveExtensionNext)
	return mux
}

func serveNext(w http.ResponseWriter, r *http.Request, p *pool, proc *process) {
	inv := p.next(r.Context(), proc)
	if inv == nil {
		return
	}
	h := w.Header()
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", p.arn)
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(inv.payload)
}

func serveResponse(w http.ResponseWriter, r *http.Request, p *pool, proc *process) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		answer(w, http.StatusBadRequest)
		return
	}
	res := result{payload: body}
	if len(body) > maxResponse {
		res = result{err: newFunctionError(p.fn.Name, errorTooLarge,
			"Response payload size exceeded maximum allowed payload size ("+strconv.Itoa(maxResponse)+" bytes).")}
	}
	settle(w, p, proc, r.PathValue("id"), res)
}

func serveError(w http.ResponseWriter, r *http.Request, p *pool, proc *process) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		answer(w, http.StatusBadRequest)
		return
	}
	settle(w, p, proc, r.PathValue("id"), result{err: reportedError(p.fn.Name, body)})
}

func settle(w http.ResponseWriter, p *pool, proc *process, id string, res result) {
	if !p.complete(proc, id, res) {
		answer(w, http.StatusBadRequest)
		return
	}
	answer(w, http.StatusAccepted)
}

func serveInitError(w http.ResponseWriter, r *http.Request, p *pool, proc *process) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		answer(w, http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	proc.initErr = body
	p.mu.Unlock()
	answer(w, http.StatusAccepted)
}

// serveRegister lets aws-lambda-go enable its SIGTERM handler, which it asks
// for as an internal extension without events.
func serveRegister(w http.ResponseWriter, _ *http.Request, _ *pool, proc *process) {
	w.Header().Set("Lambda-Extension-Identifier", proc.id)
	answer(w, http.StatusOK)
}

func serveExtensionNext(_ http.ResponseWriter, r *http.Request, _ *pool, _ *process) {
	<-r.Context().Done()
}

func answer(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	text := `{"status":"OK"}`
	if status >= http.StatusBadRequest {
		text = `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`
	}
	_, _ = io.WriteString(w, text)
}
