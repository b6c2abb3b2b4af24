package environ_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/environ"
)

func TestParseQueues(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]map[string]string{
		"":                                   nil,
		"queue-a=https://sqs.example/1/a":    {"queue-a": "https://sqs.example/1/a"},
		"queue-a=https://x/a,queue-b=http:b": {"queue-a": "https://x/a", "queue-b": "http:b"},
		"queue-a=https://x/a?b=c":            {"queue-a": "https://x/a?b=c"},
	} {
		got, err := environ.ParseQueues(list)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v, queues (-want +got):\n%s", list, err, diff)
		}
	}
	for _, refused := range []string{"queue-a", "queue-a=", "=https://x/a", ",", "queue-a=https://x/a,"} {
		if got, err := environ.ParseQueues(refused); err == nil {
			t.Errorf("%q: got %v, want a refusal", refused, got)
		}
	}
}

func TestReadRefusesQueues(t *testing.T) {
	t.Parallel()
	set := map[string]string{}
	for name, value := range complete {
		set[name] = value
	}
	set[environ.Queues] = "queue-refresh"
	if _, err := environ.Read(lookup(set)); err == nil || !strings.Contains(err.Error(), environ.Queues) {
		t.Errorf("got %v, want the variable named", err)
	}
}
