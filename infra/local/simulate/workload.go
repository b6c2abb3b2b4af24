package simulate

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
)

// The workload. Shares are out of each hundred connections, which are those of
// one tenant.
const (
	perTenant    = 100
	oauthShare   = 70                  // Tokens that live an hour…
	rotatedShare = 21                  // …of which so many get a new refresh token with each, the rest never.
	lapsingShare = 3                   // Static keys with a known end, after those.
	silentEvery  = 10                  // One in so many reports no calls: only checks look at it.
	reportPause  = 24 * time.Hour      // Between two reports of the calls of the others.
	tokenLife    = time.Hour           // Of an access token.
	tokenLength  = 300                 // Characters of an access token.
	refreshSize  = 100                 // Characters of a refresh token.
	leaseRate    = 730                 // Credentials fetched in a month, per connection; by formula.
	monthDays    = 30.4                // Days in a month.
	lapsesAfter  = 90 * 24 * time.Hour // Of a static key with a known end.
	checkPause   = 22 * time.Hour      // Between two checks, at the least: by the real plan.
	lookPause    = 7 * dayLength       // Between two looks at the dates of a connection, at the most: by the real plan.
	dayLength    = 24 * time.Hour      // What is counted is scaled to.
	batchWindow  = time.Second         // For which messages are gathered: infra/queues.go.
	pollers      = 5                   // Of a queue with little traffic: Lambda's event source for SQS.
	longPoll     = 20 * time.Second    // Of an idle poller.
	visibleAfter = 6                   // Timeouts until a message that failed comes back: infra/queues.go.
	receives     = 5                   // Until a message lies in the dead-letter queue: infra/queues.go.
	defaultMB    = 128                 // Memory of a function that says nothing: infra.
	senders      = 80                  // Messages that one round of requests of the sweep takes: shared/sqs.
)

// What a call takes.
const (
	readTime     = 4 * time.Millisecond
	writeTime    = 8 * time.Millisecond
	queryTime    = 8 * time.Millisecond
	secretTime   = 25 * time.Millisecond
	keyTime      = 10 * time.Millisecond
	sendTime     = 20 * time.Millisecond
	eventTime    = 15 * time.Millisecond
	providerTime = 300 * time.Millisecond
)

func workload() string {
	var b strings.Builder
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n", args...) }
	p("workload: %d connections per tenant; %d %% OAuth with tokens of %s, %d %% of those rotate the refresh token; %d %% static keys, %d %% of those lapse",
		perTenant, oauthShare, tokenLife, rotatedShare*100/oauthShare, 100-oauthShare, lapsingShare*100/(100-oauthShare))
	p("          %d %% report their calls once in %s, the others are idle; access tokens of %d characters", 100-100/silentEvery, reportPause, tokenLength)
	p("latency:  provider %s, DynamoDB %s/%s, Secrets Manager %s, KMS %s", providerTime, readTime, writeTime, secretTime, keyTime)
	p("leases are not simulated; their line is a formula: %d a month per connection\n", leaseRate)
	return b.String()
}

// class is what kind of connection the n-th is.
type class int

const (
	steady   class = iota // OAuth whose refresh token stays.
	rotating              // OAuth whose refresh token is replaced.
	lapsing               // A key with a known end.
	static                // A key without.
)

func classOf(n int) class {
	switch place := n % 100; {
	case place < rotatedShare:
		return rotating
	case place < oauthShare:
		return steady
	case place < oauthShare+lapsingShare:
		return lapsing
	default:
		return static
	}
}

func (c class) oauth() bool { return c == steady || c == rotating }

// connector is the entry of the catalog that stands for the class.
func (c class) connector() string {
	switch c {
	case steady:
		return "hubspot"
	case rotating:
		return "box"
	default:
		return "stripe"
	}
}

// reports says whether somebody tells of the calls of the n-th connection.
func reports(n int) bool { return n%silentEvery != silentEvery-1 }

// connectionID and tenantID have the form and the length of real ones, and tell
// the place back.
func connectionID(n int) string { return fmt.Sprintf("con_01K%023d", n) }

func tenantID(n int) string { return fmt.Sprintf("tenant-%06d", n/perTenant) }

func placeOf(id string) (int, bool) {
	digits, ok := strings.CutPrefix(id, "con_01K")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// share returns a number in [0, 1) that the place and the purpose decide.
func share(n int, purpose string) float64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d/%s/%d", n, purpose, n*2654435761) // Never fails.
	x := h.Sum64()
	x ^= x >> 29 // FNV leaves the high bits alike.
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 32
	return float64(x>>11) / (1 << 53)
}
