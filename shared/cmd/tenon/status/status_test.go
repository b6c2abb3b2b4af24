package status_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for want, errs := range map[int][]error{
		0:                {nil},
		status.Failed:    {errors.New("broken"), &client.Problem{Status: 422}, &client.Problem{Status: 500}},
		status.Usage:     {status.Wrong("--limit %d", -1), fmt.Errorf("import: %w", status.Wrong("no file"))},
		status.Forbidden: {&client.Problem{Status: 401}, fmt.Errorf("get: %w", &client.Problem{Status: 403})},
		status.NotFound:  {&client.Problem{Status: 404}},
		status.Conflict:  {&client.Problem{Status: 409}, &client.Problem{Status: 412}, &client.Problem{Status: 428}},
		status.Later:     {&client.Problem{Status: 429}, &client.Problem{Status: 503}},
	} {
		for _, err := range errs {
			if got := status.Of(err); got != want {
				t.Errorf("%v: got %d, want %d", err, got, want)
			}
		}
	}
}
