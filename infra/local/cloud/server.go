package cloud

import (
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is the largest request body read, above every AWS limit.
const maxBody = 32 << 20

// ServeHTTP answers a request of any AWS SDK, whatever its host and signature.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		c.routes.ServeHTTP(w, r)
		return
	}
	output, err := c.serveTarget(r, target)
	status := http.StatusOK
	if err != nil {
		apiError := asError(err)
		status = apiError.status()
		output = errorBody(target, apiError)
	}
	body, err := json.Marshal(output)
	if err != nil {
		http.Error(w, "encode answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/x-amz-json-1.0")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if isDynamo(target) {
		header.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
	}
	w.WriteHeader(status)
	w.Write(body)
}

func (c *Cloud) serveTarget(r *http.Request, target string) (any, error) {
	op, ok := c.operations[target]
	if !ok {
		return nil, errorf("UnknownOperationException", "The operation %q is not served.", target)
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	input := op.input()
	if err := decode(body, input); err != nil {
		return nil, err
	}
	return c.perform(r, op, body, input)
}

func (c *Cloud) serveUnknown(w http.ResponseWriter, r *http.Request) {
	writeREST(w, nil, errorf("UnknownOperationException", "The operation %s %q is not served.", r.Method, r.URL.Path))
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, errorf("SerializationException", "The request body could not be read.")
	}
	if len(body) > maxBody {
		return nil, errorf("RequestEntityTooLarge", "The request body is too large.")
	}
	return body, nil
}

func isDynamo(target string) bool {
	return strings.HasPrefix(target, "DynamoDB")
}

func errorBody(target string, e *Error) object {
	body := object{"__type": e.Code, "message": e.Message}
	if isDynamo(target) {
		body["__type"] = "com.amazonaws.dynamodb.v20120810#" + e.Code
	} else {
		body["Message"] = e.Message
	}
	for name, value := range e.Members {
		body[name] = value
	}
	return body
}
