package bench

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/client"
)

// outcome is how one request for a lease ended.
type outcome struct {
	took      time.Duration
	token     string
	refreshed bool
	err       error
}

// fine is the verdict on a lease.
const fine = "ok"

// verdict is fine or the code of the problem the caller was told.
func (o outcome) verdict() string {
	var p *client.Problem
	switch {
	case o.err == nil:
		return fine
	case errors.As(o.err, &p) && p.Code != "":
		return string(p.Code)
	case errors.As(o.err, &p):
		return "status " + strconv.Itoa(p.Status)
	}
	return "no answer"
}

// sample is what many requests for leases came to.
type sample struct {
	latencies []time.Duration // Ascending.
	elapsed   time.Duration
	verdicts  map[string]int
	tokens    map[string]bool // Different access tokens handed out.
}

// crowd performs requests 0 to count-1 by so many callers at once.
func crowd(callers, count int, do func(i int) outcome) sample {
	outcomes := make([]outcome, count)
	next := make(chan int)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for i := range next {
				outcomes[i] = do(i)
			}
		})
	}
	begun := time.Now()
	for i := range count {
		next <- i
	}
	close(next)
	all.Wait()
	return newSample(outcomes, time.Since(begun))
}

func newSample(outcomes []outcome, elapsed time.Duration) sample {
	s := sample{elapsed: elapsed, verdicts: map[string]int{}, tokens: map[string]bool{}}
	for _, o := range outcomes {
		s.latencies = append(s.latencies, o.took)
		s.verdicts[o.verdict()]++
		if o.err == nil {
			s.tokens[o.token] = true
		}
	}
	slices.Sort(s.latencies)
	return s
}

// quantile returns the latency that the fraction q of the requests did not
// exceed (nearest rank); zero of no request.
func (s sample) quantile(q float64) time.Duration {
	if len(s.latencies) == 0 {
		return 0
	}
	return s.latencies[max(int(math.Ceil(q*float64(len(s.latencies))))-1, 0)]
}

// rate is requests per second.
func (s sample) rate() float64 { return float64(len(s.latencies)) / s.elapsed.Seconds() }
