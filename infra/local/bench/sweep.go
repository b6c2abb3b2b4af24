package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
	"github.com/tenonhq/tenon/infra/local/simulate"
	"github.com/tenonhq/tenon/shared/routes"
)

const (
	dueConnections = 200
	workerMemory   = 256 // Megabytes of job-due-sweep and of queue-refresh.
)

// work is what one function did with the items that were due.
type work struct {
	items   int
	runs    int
	elapsed time.Duration
	cpu     time.Duration
	bill    bill
}

// dollars is the list price of a thousand items, with the running time.
func (w work) dollars() float64 {
	sum := w.bill.dollars(false)/1e6 + float64(w.runs-1)*simulate.InvocationPrice(false) + simulate.RunPrice(workerMemory, w.elapsed)
	return sum / float64(max(w.items, 1)) * 1000
}

// sweeps measures one process of job-due-sweep, and then one of queue-refresh
// with what that has sent.
func (s *suite) sweeps(ctx context.Context) (text string, err error) {
	p, err := newPlayer(ctx, s.root, s.binaries())
	if err != nil {
		return "", err
	}
	defer p.close()
	if err := s.connectDue(ctx, p); err != nil {
		return "", err
	}
	latency := s.cfg.Latency
	if latency == 0 {
		latency = 100 * time.Millisecond
	}
	p.provider.SetLatency(latency)
	p.provider.Reset()
	s.progress.printf("sweep: %d connections are due", dueConnections)
	swept, err := p.work(ctx, routes.JobDueSweep.Name, func(i *rig.Instance) (int, int, error) {
		_, err := p.send(ctx, i, step{event: routes.JobDueSweep.Name})
		return dueConnections, 1, err
	})
	if err != nil {
		return "", err
	}
	refreshed, err := p.work(ctx, routes.QueueRefresh.Name, func(i *rig.Instance) (int, int, error) { return p.consume(ctx, i) })
	if err != nil {
		return "", err
	}
	if counts := p.provider.Counts(); refreshed.items != dueConnections || counts.Refreshes != dueConnections || counts.Reused != 0 {
		s.wrong = append(s.wrong, fmt.Errorf("sweep: of %d due connections %d were sent, and the provider was asked %d times, %d of them with a used token",
			dueConnections, refreshed.items, counts.Refreshes, counts.Reused))
	}
	s.summarizeWork(swept, refreshed)
	return sweepReport(swept, refreshed, latency), nil
}

// connectDue makes connections whose refresh is due.
func (s *suite) connectDue(ctx context.Context, p *player) error {
	p.kept = map[string]*rig.Instance{}
	for n := range dueConnections {
		if n%50 == 0 {
			s.progress.printf("sweep: connected %d of %d", n, dueConnections)
		}
		for _, one := range append([]step{{event: "connection-create", as: eventPending, body: signInConnection}}, signIn()...) {
			if err := p.play(ctx, one); err != nil {
				return errors.Join(err, p.release())
			}
		}
		if err := p.antedate(ctx, p.names[eventPending], "refreshDue", "credential.expiresAt", "credential.refreshedAt"); err != nil {
			return errors.Join(err, p.release())
		}
	}
	return p.release()
}

// work lets a new process do something, and says what that took.
func (p *player) work(ctx context.Context, function string, do func(*rig.Instance) (items, runs int, err error)) (work, error) {
	i, err := p.start(ctx, function)
	if err != nil {
		return work{}, err
	}
	p.cloud.ResetJournal()
	before, begun := p.cloud.Capacity(), time.Now()
	var w work
	w.items, w.runs, err = do(i)
	w.elapsed = time.Since(begun)
	used, err2 := i.Usage()
	if err := errors.Join(err, err2, i.Close()); err != nil {
		return w, fmt.Errorf("%s: %w", function, err)
	}
	w.cpu, w.bill.calls = used.CPU-i.Init.CPU, calls{}
	for _, c := range p.cloud.Journal() {
		w.bill.calls[c.Target]++
	}
	after := p.cloud.Capacity()
	w.bill.capacity.Reads, w.bill.capacity.Writes = after.Reads-before.Reads, after.Writes-before.Writes
	return w, nil
}

// consume hands a process of queue-refresh what is in its queue, batch by batch,
// as the event source does.
func (p *player) consume(ctx context.Context, i *rig.Instance) (items, runs int, err error) {
	queue := ""
	for _, q := range p.stage.manifest.Queues {
		if q.Function == routes.QueueRefresh.Name {
			queue = q.QueueURL
		}
	}
	queues := sqs.NewFromConfig(p.stage.aws)
	for {
		got, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: int32(routes.QueueRefresh.Queue.Batch)})
		if err != nil || len(got.Messages) == 0 {
			return items, runs, err
		}
		event, err := queueEvent(got.Messages)
		if err != nil {
			return items, runs, err
		}
		body, _, err := i.Invoke(ctx, event)
		if err != nil {
			return items, runs, err
		}
		if !strings.Contains(string(body), `"batchItemFailures":[]`) && !strings.Contains(string(body), `"batchItemFailures":null`) {
			return items, runs, fmt.Errorf("messages come back: %s", body)
		}
		var entries []types.DeleteMessageBatchRequestEntry
		for _, m := range got.Messages {
			entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: m.MessageId, ReceiptHandle: m.ReceiptHandle})
		}
		if _, err := queues.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &queue, Entries: entries}); err != nil {
			return items, runs, err
		}
		items, runs = items+len(got.Messages), runs+1
	}
}

// queueEvent is what Lambda makes of messages.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func queueEvent(messages []types.Message) ([]byte, error) {
	var records []map[string]any
	for _, m := range messages {
		records = append(records, map[string]any{
			"messageId": *m.MessageId, "receiptHandle": *m.ReceiptHandle, "body": *m.Body,
			"attributes": map[string]string{"ApproximateReceiveCount": "1"}, "messageAttributes": map[string]any{}, "eventSource": "aws:sqs",
		})
	}
	return json.Marshal(map[string]any{"Records": records})
}

// sweepReport is the section on due work.
func sweepReport(swept, refreshed work, latency time.Duration) string {
	var text strings.Builder
	fmt.Fprintf(&text, "## Due work\n\n%d connections whose refresh is due, one process of each function; the provider takes %v, the token rotates. "+
		"Dollars are list prices of calls, units and %d MB of running time; a consumer's polls are beside them.\n\n", dueConnections, latency, workerMemory)
	row(&text, "function", "items", "runs", "items/s", "CPU ms an item", "$ per 1,000 items", "calls to AWS an item", "read units an item", "write units an item")
	rule(&text, 9)
	total := 0.0
	for _, one := range []struct {
		name string
		work
	}{{routes.JobDueSweep.Name, swept}, {routes.QueueRefresh.Name, refreshed}} {
		n := float64(max(one.items, 1))
		total += one.dollars()
		row(&text, one.name, one.items, one.runs, fmt.Sprintf("%.0f", n/one.elapsed.Seconds()), fmt.Sprintf("%.2f", one.cpu.Seconds()*1e3/n),
			fmt.Sprintf("%.4f", one.dollars()), fmt.Sprintf("%.2f", float64(one.bill.calls.total())/n),
			fmt.Sprintf("%.2f", one.bill.capacity.Reads/n), fmt.Sprintf("%.2f", one.bill.capacity.Writes/n))
	}
	fmt.Fprintf(&text, "\nA thousand due refreshes cost $%.4f. Calls in total: %s; %s.\n", total, swept.bill.calls, refreshed.bill.calls)
	return text.String()
}
