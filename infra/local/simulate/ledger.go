package simulate

import (
	"sync/atomic"
	"time"
)

// call is a kind of request that is counted.
type call int

const (
	getItem call = iota
	putItem
	updateItem
	queryItems
	transactItems
	appendAudit
	enrolTenant
	readSwitches
	getSecret
	putSecret
	moveLabel
	describeSecret
	keyUse
	sqsSend
	sqsReceive
	sqsDelete
	sqsAttributes
	putEvent
	sendMail
	invoke
	tokenRequest
	probeRequest
	callKinds
)

var callNames = [callKinds]string{
	"DynamoDB GetItem", "DynamoDB PutItem", "DynamoDB UpdateItem", "DynamoDB Query", "DynamoDB Transact", "DynamoDB PutItem, audit", "DynamoDB UpdateItem, seal promised", "DynamoDB GetItem, kill switches",
	"GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage", "DescribeSecret", "KMS Decrypt and GenerateDataKey",
	"SQS send", "SQS receive", "SQS delete", "SQS attributes", "EventBridge events", "SES mails", "Lambda invocations",
	"provider token requests", "provider probes",
}

// ledger is what one lane asked for. It is not safe for concurrent use: every
// environment has its own.
type ledger struct {
	calls     [callKinds]int64
	reads     int64 // Read units, times two.
	writes    int64 // Write units of the table.
	indexed   int64 // Write units of the indexes.
	gbSeconds float64
	items     int64         // Worked on.
	late      int64         // Tokens that had expired before their refresh began.
	failures  int64         // Messages that came back.
	dead      int64         // Messages that ended in the dead-letter queue.
	lag       histogram     // From due to the start of work.
	elapsed   time.Duration // Of the functions.
}

func (l *ledger) add(o *ledger) {
	for i, n := range o.calls {
		l.calls[i] += n
	}
	l.reads, l.writes, l.indexed, l.gbSeconds = l.reads+o.reads, l.writes+o.writes, l.indexed+o.indexed, l.gbSeconds+o.gbSeconds
	l.items, l.late, l.failures, l.dead = l.items+o.items, l.late+o.late, l.failures+o.failures, l.dead+o.dead
	l.elapsed += o.elapsed
	l.lag.add(&o.lag)
}

func (l *ledger) requests(kinds ...call) (n int64) {
	for _, k := range kinds {
		n += l.calls[k]
	}
	return n
}

// read counts a read of so many bytes; an eventually consistent one costs half.
func (l *ledger) read(kind call, bytes int, consistent bool) {
	l.calls[kind]++
	units := int64((bytes + 4095) / 4096)
	l.reads += max(units, 1)
	if consistent {
		l.reads += max(units, 1)
	}
}

// write counts a write of an item that was one size and is another now.
func (l *ledger) write(kind call, before, after int) {
	l.calls[kind]++
	units := int64((max(before, after, 1) + 1023) / 1024)
	if kind == transactItems {
		units *= 2
	}
	l.writes += units
}

// meter is a kind of request that a quota limits.
type meter int

const (
	secretWrites meter = iota
	secretReads
	keyUses
	busyMillis
	meterKinds
)

// meters count requests by the second, for all lanes together.
type meters [meterKinds][]uint32

func newMeters(d time.Duration) *meters {
	var m meters
	for i := range m {
		m[i] = make([]uint32, int(d.Seconds())+1)
	}
	return &m
}

func (m *meters) add(kind meter, at time.Time, n int) {
	if second := int(at.Sub(begin) / time.Second); second >= 0 && second < len(m[kind]) {
		atomic.AddUint32(&m[kind][second], uint32(n))
	}
}

// peak is the most of a second, and mean what one of so many has.
func (m *meters) peak(kind meter, seconds float64) (peak, mean float64) {
	sum := 0.0
	for _, n := range m[kind] {
		peak, sum = max(peak, float64(n)), sum+float64(n)
	}
	return peak, sum / seconds
}

// histogram counts durations in tenths of a second, up to two hours and more.
type histogram struct{ counts []int64 }

const (
	resolution = 100 * time.Millisecond
	widest     = int(2*time.Hour/resolution) + 1
)

func (h *histogram) note(d time.Duration) {
	if h.counts == nil {
		h.counts = make([]int64, widest)
	}
	h.counts[min(max(int(d/resolution), 0), widest-1)]++
}

func (h *histogram) add(o *histogram) {
	if o.counts == nil {
		return
	}
	if h.counts == nil {
		h.counts = make([]int64, widest)
	}
	for i, n := range o.counts {
		h.counts[i] += n
	}
}

// quantile returns the duration that a share of what was noted does not exceed.
func (h *histogram) quantile(q float64) time.Duration {
	var all int64
	for _, n := range h.counts {
		all += n
	}
	wanted, seen := int64(q*float64(all)), int64(0)
	for i, n := range h.counts {
		if seen += n; n > 0 && (seen >= wanted && seen > 0) {
			return time.Duration(i+1) * resolution
		}
	}
	return 0
}
