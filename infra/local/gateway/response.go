package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// response is a function's answer in payload format 2.0.
type response struct {
	StatusCode      json.Number       `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`

	status int
	body   []byte
}

// parseResponse reads an answer. One without a status code is itself the body
// of a 200 response with content type application/json. The error quotes
// nothing of the answer.
func parseResponse(out []byte) (response, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(out, &fields); err != nil || fields["statusCode"] == nil {
		return inferred(out)
	}
	var res response
	if err := json.Unmarshal(out, &res); err != nil {
		return response{}, fmt.Errorf("function answer is not a response of payload format 2.0")
	}
	status, err := strconv.Atoi(res.StatusCode.String())
	if err != nil || status < 200 || status > 599 {
		return response{}, fmt.Errorf("function answer has status code %q", res.StatusCode)
	}
	res.status, res.body = status, []byte(res.Body)
	if res.IsBase64Encoded {
		res.body, err = base64.StdEncoding.DecodeString(res.Body)
		if err != nil {
			return response{}, fmt.Errorf("function answer has a body that is not base64")
		}
	}
	return res, nil
}

func inferred(out []byte) (response, error) {
	if !json.Valid(out) {
		return response{}, fmt.Errorf("function answer is not JSON")
	}
	body := bytes.TrimSpace(out)
	var text string
	if json.Unmarshal(out, &text) == nil {
		body = []byte(text)
	}
	return response{status: http.StatusOK, body: body, Headers: map[string]string{"content-type": "application/json"}}, nil
}

func (res response) write(w http.ResponseWriter, method string) {
	h := w.Header()
	for name, value := range res.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding", "Connection":
		default:
			h.Set(name, value)
		}
	}
	for _, c := range res.Cookies {
		h.Add("Set-Cookie", c)
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	if res.status != http.StatusNoContent && res.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(res.body)))
	}
	w.WriteHeader(res.status)
	if method != http.MethodHead {
		_, _ = w.Write(res.body)
	}
}
