package bench

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ledger counts the calls that functions make of AWS, by operation and, where
// one is about an item, the kind of the item: "dynamodb.GetItem connection".
type ledger struct {
	mu    sync.Mutex
	calls calls
}

// calls are numbers of calls by operation.
type calls map[string]int

var itemKind = regexp.MustCompile(`"pk":\{"S":"[^"#]*#([a-z]+)`)

// note counts a call. The gateway's own polling of queues is nobody's.
func (l *ledger) note(target string, body []byte) {
	if strings.HasPrefix(target, "sqs.") {
		return
	}
	if m := itemKind.FindSubmatch(body); m != nil {
		target += " " + string(m[1])
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls == nil {
		l.calls = calls{}
	}
	l.calls[target]++
}

// take returns the calls since the last take.
func (l *ledger) take() calls {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.calls
	l.calls = nil
	return taken
}

// class is a column of the report.
type class string

// The classes, in the order of the report.
const (
	tableReads   class = "DynamoDB reads"
	tableWrites  class = "DynamoDB writes"
	keyUses      class = "KMS"
	secretReads  class = "Secrets Manager reads"
	secretWrites class = "Secrets Manager writes"
	others       class = "other"
)

func classes() []class {
	return []class{tableReads, tableWrites, keyUses, secretReads, secretWrites, others}
}

func classOf(operation string) class {
	target, _, _ := strings.Cut(operation, " ")
	service, name, _ := strings.Cut(target, ".")
	reads := slices.ContainsFunc([]string{"Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
	switch {
	case service == "dynamodb" && reads:
		return tableReads
	case service == "dynamodb":
		return tableWrites
	case service == "kms":
		return keyUses
	case service == "secretsmanager" && reads:
		return secretReads
	case service == "secretsmanager":
		return secretWrites
	}
	return others
}

// of counts the calls of a class.
func (c calls) of(wanted class) int {
	n := 0
	for operation, count := range c {
		if classOf(operation) == wanted {
			n += count
		}
	}
	return n
}

func (c calls) total() int {
	n := 0
	for _, count := range c {
		n += count
	}
	return n
}

// operations returns the names, sorted.
func (c calls) operations() []string { return slices.Sorted(maps.Keys(c)) }
