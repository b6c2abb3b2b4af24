package bench_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
)

func TestSample(t *testing.T) {
	t.Parallel()
	var took []time.Duration
	for i := range 200 {
		took = append(took, time.Duration(200-i)*time.Millisecond)
	}
	errs := make([]error, 200)
	errs[0] = fmt.Errorf("lease: %w", &client.Problem{Code: fault.CodeRetryLater, Status: 503})
	errs[1] = &client.Problem{Status: 503}
	errs[2] = errors.New("connection reset")
	latencies, answers := bench.Sample(took, errs, 0, 0.5, 0.99, 1)
	want := []time.Duration{time.Millisecond, 100 * time.Millisecond, 198 * time.Millisecond, 200 * time.Millisecond}
	if diff := cmp.Diff(want, latencies); diff != "" {
		t.Errorf("quantiles (-want +got):\n%s", diff)
	}
	if want := "1 no answer, 197 ok, 1 retry_later, 1 status 503"; answers != want {
		t.Errorf("answers: got %s, want %s", answers, want)
	}
	if none, _ := bench.Sample(nil, nil, 0.5); none[0] != 0 {
		t.Errorf("the median of nothing: got %v", none[0])
	}
}

// A crowd is all there at once: each of its first requests waits for the others.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const callers, count = 64, 100
	var together sync.WaitGroup
	together.Add(callers)
	seen := make([]bool, count)
	made := bench.Crowd(callers, count, func(i int) {
		seen[i] = true
		if i < callers {
			together.Done()
		}
		together.Wait()
	})
	for i, ok := range seen {
		if !ok {
			t.Errorf("request %d was not made", i)
		}
	}
	if made != count {
		t.Errorf("got %d requests, want %d", made, count)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	var l bench.Ledger
	connection := `{"Key":{"pk":{"S":"acme#connection"},"sk":{"S":"con_1"}}}`
	l.Note("dynamodb.GetItem", connection)
	l.Note("dynamodb.GetItem", connection)
	l.Note("dynamodb.PutItem", `{"Item":{"pk":{"S":"acme#audit"}}}`)
	l.Note("secretsmanager.GetSecretValue", `{}`)
	l.Note("secretsmanager.UpdateSecretVersionStage", `{}`)
	l.Note("kms.Decrypt", `{}`)
	l.Note("eventbridge.PutEvents", `{}`)
	l.Note("sqs.ReceiveMessage", `{}`)
	operations, columns := l.Take()
	if diff := cmp.Diff(map[string]int{
		"dynamodb.GetItem connection": 2, "dynamodb.PutItem audit": 1, "secretsmanager.GetSecretValue": 1,
		"secretsmanager.UpdateSecretVersionStage": 1, "kms.Decrypt": 1, "eventbridge.PutEvents": 1,
	}, operations); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{
		"DynamoDB reads": 2, "DynamoDB writes": 1, "KMS": 1, "Secrets Manager reads": 1, "Secrets Manager writes": 1, "other": 1,
	}, columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if operations, _ := l.Take(); len(operations) > 0 {
		t.Errorf("taken again: %v", operations)
	}
}
