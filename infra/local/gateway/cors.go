package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// CORS says which pages of other origins may call the API, as an HTTP API's
// CorsConfiguration does. Credentials are never allowed.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
type CORS struct {
	Origins       []string // Compared exactly; "*" is every origin.
	Methods       []string
	Headers       []string
	ExposeHeaders []string
	MaxAge        int // Seconds; 0 says nothing.
}

// admit sets the headers that let the page of an allowed origin read the
// answer, whoever gives it.
func (c *CORS) admit(w http.ResponseWriter, r *http.Request) {
	if c == nil {
		return
	}
	w.Header().Add("Vary", "Origin")
	allowed := c.allowed(r.Header.Get("Origin"))
	if allowed == "" {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", allowed)
	setList(w, "Access-Control-Expose-Headers", c.ExposeHeaders)
}

// preflight answers a preflight request and reports whether it was one. That
// of an origin which is not allowed gets an answer that allows nothing.
func (c *CORS) preflight(w http.ResponseWriter, r *http.Request) bool {
	if c == nil || r.Method != http.MethodOptions || r.Header.Get("Origin") == "" || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	if c.allowed(r.Header.Get("Origin")) != "" {
		setList(w, "Access-Control-Allow-Methods", c.Methods)
		setList(w, "Access-Control-Allow-Headers", c.Headers)
		if c.MaxAge > 0 {
			w.Header().Set("Access-Control-Max-Age", strconv.Itoa(c.MaxAge))
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}

// clean takes from a function's answer what it says about CORS, which the API
// says alone, and lets its Vary stand beside ours.
func (c *CORS) clean(w http.ResponseWriter, headers map[string]string) {
	if c == nil {
		return
	}
	for name, value := range headers {
		lower := strings.ToLower(name)
		if lower == "vary" {
			w.Header().Add("Vary", value)
		}
		if lower == "vary" || strings.HasPrefix(lower, "access-control-") {
			delete(headers, name)
		}
	}
}

// allowed returns what to say to a page of the origin; nothing is a refusal.
func (c *CORS) allowed(origin string) string {
	switch {
	case origin == "":
		return ""
	case slices.Contains(c.Origins, "*"):
		return "*"
	case slices.Contains(c.Origins, origin):
		return origin
	}
	return ""
}

func setList(w http.ResponseWriter, name string, values []string) {
	if len(values) > 0 {
		w.Header().Set(name, strings.Join(values, ","))
	}
}
