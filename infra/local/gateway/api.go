package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	maxBody            = 10 << 20         // payload limit of an HTTP API, in bytes
	integrationTimeout = 30 * time.Second // greatest integration timeout of an HTTP API
)

// ServeHTTP answers one request of the HTTP API: it finds the route, checks
// the token, runs the function and translates both ways. What API Gateway
// says itself (401, 403, 404, 413, 500, 503) it says in the same words. A
// preflight request is answered before any of it.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := newID()
	w.Header().Set("Apigw-Requestid", id)
	g.cfg.CORS.admit(w, r)
	if g.cfg.CORS.preflight(w, r) {
		return
	}
	route, vars, ok := g.routes.match(r.Method, r.URL.EscapedPath())
	if !ok {
		message(w, http.StatusNotFound, "Not Found")
		return
	}
	var access *grant
	if route.Auth != nil {
		var refused *refusal
		access, refused = g.authorizer.check(r, *route.Auth, route.Scopes)
		if refused != nil {
			refused.write(w)
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status, text := http.StatusBadRequest, "Bad Request"
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			status, text = http.StatusRequestEntityTooLarge, "Request Entity Too Large"
		}
		message(w, status, text)
		return
	}
	payload, err := g.event(r, id, route.Key, vars, access, body)
	if err != nil {
		g.log.printf("gateway", "%s: %v", route.Key, err)
		message(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), integrationTimeout)
	defer cancel()
	g.respond(ctx, w, r, route, payload)
}

// respond runs the function and writes its answer.
func (g *Gateway) respond(ctx context.Context, w http.ResponseWriter, r *http.Request, route route, payload []byte) {
	out, err := g.Invoke(ctx, route.Function, payload)
	if err != nil {
		g.log.printf("gateway", "%s: %v", route.Key, err)
		var failed *FunctionError
		if errors.As(err, &failed) && !failed.Timeout() {
			message(w, http.StatusInternalServerError, "Internal Server Error")
			return
		}
		message(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	res, err := parseResponse(out)
	if err != nil {
		g.log.printf("gateway", "%s: %v", route.Key, err)
		message(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	g.cfg.CORS.clean(w, res.Headers)
	res.write(w, r.Method)
}

// message writes an answer of the gateway's own.
func message(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"`+text+`"}`)
}
