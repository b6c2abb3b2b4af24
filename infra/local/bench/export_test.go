package bench

import "time"

// Ledger counts the calls to AWS.
type Ledger struct{ inner ledger }

// Note counts a call with its body.
func (l *Ledger) Note(target, body string) { l.inner.note(target, []byte(body)) }

// Take returns the calls by operation and by column of the report.
func (l *Ledger) Take() (operations, columns map[string]int) {
	taken := l.inner.take()
	columns = map[string]int{}
	for _, c := range classes() {
		if n := taken.of(c); n > 0 {
			columns[string(c)] = n
		}
	}
	return taken, columns
}

// Sample returns what requests that took so long and had these errors came to:
// the latency at each quantile and the answers.
func Sample(took []time.Duration, errs []error, quantiles ...float64) (latencies []time.Duration, answers string) {
	var outcomes []outcome
	for i, d := range took {
		outcomes = append(outcomes, outcome{took: d, err: errs[i]})
	}
	s := newSample(outcomes, time.Second)
	for _, q := range quantiles {
		latencies = append(latencies, s.quantile(q))
	}
	return latencies, s.answers()
}

// Crowd lets so many callers make count requests and returns how many were made.
func Crowd(callers, count int, do func(i int)) int {
	s := crowd(callers, count, func(i int) outcome {
		do(i)
		return outcome{}
	})
	return len(s.latencies)
}
