package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// object is a JSON object of an answer.
type object = map[string]any

// api names a service on the wire and in the journal.
type api struct {
	wire string // The prefix of X-Amz-Target; "" for REST and query services.
	name string // The package name of the service in the AWS SDK for Go.
}

// operation is one API operation, decoupled from its input type.
type operation struct {
	target   string // As in Call.Target.
	readOnly bool
	input    func() any // A new, empty input.
	run      func(ctx context.Context, input any) (any, error)
}

// named is implemented by inputs that say which resource they are about.
type named interface {
	resource() string
}

// handle registers an operation of a service with a JSON protocol.
func handle[I, O any](c *Cloud, service api, name string, run func(*I) (O, error)) {
	handleContext(c, service, name, func(_ context.Context, in *I) (O, error) { return run(in) })
}

func handleContext[I, O any](c *Cloud, service api, name string, run func(context.Context, *I) (O, error)) {
	c.operations[service.wire+"."+name] = newOperation(service, name, run)
}

func newOperation[I, O any](service api, name string, run func(context.Context, *I) (O, error)) operation {
	return operation{
		target:   service.name + "." + name,
		readOnly: isReadOnly(name),
		input:    func() any { return new(I) },
		run: func(ctx context.Context, input any) (any, error) {
			return run(ctx, input.(*I))
		},
	}
}

// locked runs an operation's function under a lock.
func locked[I, O any](lock sync.Locker, run func(*I) (O, error)) func(*I) (O, error) {
	return func(in *I) (O, error) {
		lock.Lock()
		defer lock.Unlock()
		return run(in)
	}
}

// isReadOnly reports whether an operation of this name changes nothing that
// Save would write. ReceiveMessage says itself when it does.
func isReadOnly(name string) bool {
	for _, prefix := range []string{
		"Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List", "Test",
		"Encrypt", "Decrypt", "ReEncrypt", "Generate", "Sign", "Verify", "Assume", "Receive",
	} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// decode reads a JSON request body. Its errors never quote the body.
func decode(body []byte, input any) error {
	if len(body) == 0 {
		return nil
	}
	err := json.Unmarshal(body, input)
	if mistake, ok := errors.AsType[*expression.Error](err); ok {
		return mistake
	}
	if err != nil {
		return errorf("SerializationException", "The request body does not have the JSON structure of this operation.")
	}
	return nil
}

// perform runs the operation of a request that is let through.
func (c *Cloud) perform(r *http.Request, op operation, body []byte, input any) (any, error) {
	if err := c.admit(r, op, body, input); err != nil {
		return nil, err
	}
	output, err := op.run(r.Context(), input)
	if err == nil && !op.readOnly {
		c.changes.Add(1)
	}
	return output, err
}
