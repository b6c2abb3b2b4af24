package bench

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// wantOK returns an error for an answer of another status than 200.
func wantOK(body []byte) error {
	var a reply
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if a.Status != 200 {
		return fmt.Errorf("the function answered %d %s", a.Status, a.Body)
	}
	return nil
}

// report is the section on leases that need no refresh.
func (h *hotLease) report() string {
	var text strings.Builder
	fmt.Fprintf(&text, "## Hot leases\n\n%d leases that need no refresh, through the executable of connection-lease, with a local AWS behind TLS, "+
		"in blocks of %d in turn with hello; without a pause, one at a time.\n\n", leaseBlocks*leaseBlock, leaseBlock)
	fmt.Fprintf(&text, "A lease takes **%.1f times** the processor time of hello. ", pairedRatio(h.lease.cpu, h.hello.cpu))
	fmt.Fprintf(&text, "It makes %.2f calls to AWS: %s.\n\n", float64(h.calls.total())/float64(leaseBlocks*leaseBlock), h.calls)
	row(&text, "", "CPU ms", "p50 ms", "p99 ms", "first request, ms", "first request, CPU ms")
	rule(&text, 6)
	for k, s := range []struct {
		name string
		hotSample
	}{{"connection-lease", h.lease}, {hello, h.hello}} {
		of := sample{latencies: s.latencies}
		row(&text, s.name, fmt.Sprintf("%.2f", median(s.cpu)/1e3), hundredths(of.quantile(0.5)), hundredths(of.quantile(0.99)),
			fmt.Sprintf("%.1f", median(h.first[k])), fmt.Sprintf("%.1f", median(h.firstCPU[k])))
	}
	if h.unlimited != nil {
		fmt.Fprintf(&text, "\nThe first request was not measured: %v.\n", h.unlimited)
	} else {
		fmt.Fprintf(&text, "\nThe first request is that of a new process with %.3f of a processor, which %d MB are given on Lambda; median of %d.\n",
			float64(leaseMemory)/perProcessor, leaseMemory, firstRounds)
	}
	text.WriteString("\nNango spends 4.5 to 5 ms of a processor and 5 to 6 SQL statements, one of them a write, on reading a credential.\n")
	return text.String()
}

func hundredths(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}
