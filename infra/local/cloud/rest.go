package cloud

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
)

// route registers an operation of a service with a REST protocol. Path
// parameters and query parameters become members of the input by name,
// ignoring case, and win over the body.
func route[I, O any](c *Cloud, service api, name, pattern string, run func(*I) (O, error)) {
	routeContext(c, service, name, pattern, func(_ context.Context, in *I) (O, error) { return run(in) })
}

func routeContext[I, O any](c *Cloud, service api, name, pattern string, run func(context.Context, *I) (O, error)) {
	op := newOperation(service, name, run)
	c.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		output, err := c.serveRoute(r, op, pattern)
		writeREST(w, output, err)
	})
}

func (c *Cloud) serveRoute(r *http.Request, op operation, pattern string) (any, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	parameters, err := json.Marshal(routeParameters(r, pattern))
	if err != nil {
		return nil, err
	}
	input := op.input()
	if err := decode(body, input); err != nil {
		return nil, err
	}
	if err := decode(parameters, input); err != nil {
		return nil, err
	}
	return c.perform(r, op, body, input)
}

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

func routeParameters(r *http.Request, pattern string) map[string]string {
	parameters := map[string]string{}
	for name, values := range r.URL.Query() {
		parameters[name] = values[0]
	}
	for _, match := range pathParameter.FindAllStringSubmatch(pattern, -1) {
		parameters[match[1]] = r.PathValue(match[1])
	}
	return parameters
}

func writeREST(w http.ResponseWriter, output any, err error) {
	w.Header().Set("Content-Type", "application/json")
	status := http.StatusOK
	if err != nil {
		apiError := asError(err)
		w.Header().Set("X-Amzn-Errortype", apiError.Code)
		status = apiError.status()
		output = object{"__type": apiError.Code, "message": apiError.Message, "Message": apiError.Message}
	}
	body, err := json.Marshal(output)
	if err != nil {
		http.Error(w, "encode answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	w.Write(body)
}
