package cloud

import (
	"bytes"
	"io"
	"net/http"
)

var lambdaAPI = api{name: "lambda"}

// invokeRequest names the function to invoke, by its name or its ARN.
type invokeRequest struct{ function string }

func (r *invokeRequest) resource() string { return r.function }

// serveInvoke hands an invocation to Functions, after the journal and Fault saw
// it as any other operation.
func (c *Cloud) serveInvoke(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		writeREST(w, nil, err)
		return
	}
	name := r.PathValue("function")
	op := operation{target: lambdaAPI.name + ".Invoke"}
	if err := c.admit(r, op, body, &invokeRequest{name}); err != nil {
		writeREST(w, nil, err)
		return
	}
	if c.Functions == nil {
		writeREST(w, nil, &Error{Code: "ResourceNotFoundException", Message: "Function not found: " + c.arn("lambda", "function:"+name), Status: http.StatusNotFound})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.Functions.ServeHTTP(w, r)
}
