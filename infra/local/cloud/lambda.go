package cloud

import (
	"bytes"
	"io"
	"net/http"
)

var lambdaAPI = api{name: "lambda"}

// serveInvoke hands an invocation to Functions, after the journal and Fault saw
// it as any other operation.
func (c *Cloud) serveInvoke(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		writeREST(w, nil, err)
		return
	}
	name := r.PathValue("function")
	c.journal.add(Call{Target: lambdaAPI.name + ".Invoke", Resource: name, Time: c.Now()})
	if c.Fault != nil {
		if err := c.Fault(lambdaAPI.name+".Invoke", body); err != nil {
			writeREST(w, nil, err)
			return
		}
	}
	if c.Functions == nil {
		writeREST(w, nil, &Error{Code: "ResourceNotFoundException", Message: "Function not found: " + c.arn("lambda", "function:"+name), Status: http.StatusNotFound})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.Functions.ServeHTTP(w, r)
}
