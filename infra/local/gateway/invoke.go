package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxRequest is Lambda's limit for a synchronous request payload, in bytes.
const maxRequest = 6 << 20

// Invoke runs a function by its short name with a JSON payload and returns its
// JSON answer. A failure of the function is a *FunctionError; the other errors
// wrap ErrUnknownFunction, ErrThrottled, ErrClosed or the error of ctx.
func (g *Gateway) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	p, err := g.pool(function)
	if err != nil {
		return nil, err
	}
	return p.invoke(ctx, payload)
}

// InvokeARN is Invoke for a function given by its ARN, its physical name or
// its short name.
func (g *Gateway) InvokeARN(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	return g.Invoke(ctx, g.shortName(arn), payload)
}

// Invocations serves the Invoke operation of the Lambda API,
// POST /2015-03-31/functions/{function}/invocations.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (g *Gateway) Invocations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{function}/invocations", g.serveInvoke)
	return mux
}

func (g *Gateway) serveInvoke(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		invokeFailure(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
		return
	}
	function := g.shortName(r.PathValue("function"))
	switch r.Header.Get("X-Amz-Invocation-Type") {
	case "Event":
		err = g.InvokeAsync(function, payload)
		if err == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
	case "DryRun":
		_, err = g.pool(function)
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
	default:
		payload, err = g.Invoke(r.Context(), function, payload)
	}
	writeInvoked(w, payload, err)
}

func writeInvoked(w http.ResponseWriter, payload []byte, err error) {
	var failed *FunctionError
	switch {
	case errors.As(err, &failed):
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		payload = failed.Payload
	case errors.Is(err, ErrUnknownFunction):
		invokeFailure(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found")
		return
	case errors.Is(err, ErrThrottled):
		invokeFailure(w, http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded.")
		return
	case err != nil:
		invokeFailure(w, http.StatusInternalServerError, "ServiceException", "Internal error")
		return
	}
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(payload)
}

func invokeFailure(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("X-Amzn-Errortype", kind)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"Type":"User","message":%q}`, message)
}

func (g *Gateway) pool(function string) (*pool, error) {
	p := g.pools[function]
	if p == nil {
		return nil, fmt.Errorf("%w %q", ErrUnknownFunction, function)
	}
	return p, nil
}

// shortName reduces an ARN (with or without a version) and a physical name to
// the name functions have in the Config.
func (g *Gateway) shortName(name string) string {
	if parts := strings.Split(name, ":"); parts[0] == "arn" && len(parts) > 6 {
		name = parts[6]
	}
	return strings.TrimPrefix(name, g.cfg.Prefix)
}
