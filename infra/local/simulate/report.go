package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// table is what is printed of one size.
func (r *Result) table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	p("\n%s connections, %s simulated in %s", group(r.Connections), r.Duration, r.Took.Round(time.Second))
	if r.Duration != dayLength {
		p("EXTRAPOLATED: only %s were simulated; counts are of these, the bill is scaled to a month", r.Duration)
	}
	p("")
	r.printLanes(p)
	p("")
	r.printCalls(p)
	p("")
	r.printQuotas(p)
	p("")
	total, active := 0.0, 0.0
	p("line of a month's bill\tdollars\tper connection\t")
	for i, x := range r.bill() {
		p("%s\t%.2f\t%.6f\t", x.name, x.dollars, x.dollars/float64(r.Connections))
		total += x.dollars
		if i >= standing {
			active += x.dollars
		}
	}
	p("total\t%.2f\t%.6f\t", total, total/float64(r.Connections))
	p("of that what is done, not kept\t%.2f\t%.6f\t", active, active/float64(r.Connections))
	p("")
	_ = w.Flush()
	idle := max(r.Idle, 1)
	_, _ = fmt.Fprintf(&b, "tokens that expired before their refresh: %d; expired at the end: %d; entries forgotten: %d; refresh tokens sent twice: %d; not active: %d; dead letters: %d\n",
		r.Late, r.Expired, r.Forgotten, r.Reused, r.Demoted, r.Dead)
	_, _ = fmt.Fprintf(&b, "idle keys: %d, read %.2f times a day each, %d times while nothing was due; mean size of a record %d bytes; events %s\n",
		r.Idle, float64(r.state.idleReads)*r.perDay()/float64(idle), r.EarlyReads, r.state.bytes/int64(r.Connections), counts(r.events))
	return b.String()
}

func (r *Result) printLanes(p func(string, ...any)) {
	p("lane\titems\tlag p50\tp99\tmax\tcame back\tenvironments\tread units\twrite units\tindex units\tGB-s\t")
	for _, l := range r.lanes {
		p("%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%.0f\t", l.name, group(l.items), l.lag.quantile(0.5), l.lag.quantile(0.99), l.lag.quantile(1),
			l.failures, l.environments, group(l.reads/2), group(l.writes), group(l.indexed), l.gbSeconds)
	}
}

func (r *Result) printCalls(p func(string, ...any)) {
	header := "calls"
	for _, l := range r.lanes {
		header += "\t" + l.name
	}
	p("%s\tper connection\t", header)
	for kind, name := range callNames {
		if r.total.calls[kind] == 0 {
			continue
		}
		row := name
		for _, l := range r.lanes {
			row += "\t" + group(l.calls[kind])
		}
		p("%s\t%.3f\t", row, float64(r.total.calls[kind])/float64(r.Connections))
	}
}

// quota is how much of a limit is used.
type quota struct {
	name              string
	peak, mean, limit float64
}

func (r *Result) quotas() []quota {
	n, seconds := float64(r.Connections), r.Duration.Seconds()
	rate := func(kind meter, name string, limit float64) quota {
		peak, mean := r.meters.peak(kind, seconds)
		return quota{name, peak, mean, limit}
	}
	busy, meanBusy := r.meters.peak(busyMillis, seconds)
	all := []quota{
		rate(secretWrites, "Secrets Manager writes/s", secretWriteQuota),
		rate(secretReads, "GetSecretValue/s", secretReadQuota),
		rate(keyUses, "KMS/s, the least region", keyUseQuota),
		{"Lambda concurrency", busy / 1000, meanBusy / 1000, concurrencyQuota},
		{"DynamoDB write units/s", 0, float64(r.total.writes) / seconds, tableUnits},
		{"DynamoDB read units/s", 0, float64(r.total.reads) / 2 / seconds, tableUnits},
		{"providers' partition, reads/s", 0, float64(r.total.calls[tokenRequest]) / seconds, partitionReads},
		{"secrets", n, n, secretQuota},
		{"KMS keys", n / perTenant, n / perTenant, keyQuota},
	}
	for _, l := range r.lanes {
		if l.concurrency > 0 && l.items > 0 {
			all = append(all, quota{"runs for " + l.name + " at once", 0, l.elapsed.Seconds() / seconds, float64(l.concurrency)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.busiest)) {
		if l := r.lane(name); l != nil && l.items > 0 {
			all = append(all, quota{"a shard of " + string(name) + ", writes/s", float64(r.busiest[name]), r.indexMean(name), partitionWrites})
		}
	}
	return all
}

// indexMean is about how many write units a shard has in a second: two for each
// item that is planned anew.
func (r *Result) indexMean(name due.Index) float64 {
	return 2 * float64(r.Items(name)) / due.Shards / r.Duration.Seconds()
}

func (r *Result) printQuotas(p func(string, ...any)) {
	p("quota\tmean\tpeak second\tlimit\tmean used\tfull at connections\t")
	for _, q := range r.quotas() {
		peak, full := "", "never"
		if q.peak > 0 {
			peak = fmt.Sprintf("%.1f", q.peak)
		}
		if q.mean > 0 {
			full = group(int64(float64(r.Connections) * q.limit / q.mean))
		}
		p("%s\t%.1f\t%s\t%.0f\t%.2f %%\t%s\t", q.name, q.mean, peak, q.limit, 100*q.mean/q.limit, full)
	}
}

// compare sets the sizes side by side: what a connection costs and asks for must
// not depend on how many there are.
func compare(results []*Result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	p("\nper connection and day\titems\tDynamoDB calls\tread units\twrite units\tindex units\tsecret calls\tKMS\tprovider calls\tGB-s\tactivity $/month\trefresh lag p99\tidle reads early\t")
	for _, r := range results {
		n, t := float64(r.Connections)/r.perDay(), &r.total
		var items int64
		for _, l := range r.lanes {
			items += l.items
		}
		active := 0.0
		for _, x := range r.bill()[standing:] {
			active += x.dollars
		}
		name := group(r.Connections)
		if r.Duration != dayLength {
			name += " (of " + r.Duration.String() + ")"
		}
		p("%s\t%.3f\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f\t%.3f\t%.6f\t%s\t%d\t", name, float64(items)/n,
			float64(t.requests(getItem, putItem, updateItem, queryItems, transactItems, appendAudit, enrolTenant, readSwitches))/n, float64(t.reads)/2/n, float64(t.writes)/n, float64(t.indexed)/n,
			float64(t.requests(getSecret, putSecret, moveLabel, describeSecret))/n, float64(t.calls[keyUse])/n, float64(t.requests(tokenRequest, probeRequest))/n,
			t.gbSeconds/n, active/float64(r.Connections), r.Lag(due.Refresh, 0.99), r.EarlyReads)
	}
	_ = w.Flush()
	return b.String()
}

// group writes a number with its thousands apart.
func group[N int | int64](n N) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func counts(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s: %d", name, m[name]))
	}
	return strings.Join(parts, ", ")
}
