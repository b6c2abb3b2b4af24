package cloud

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Denial is a call that a role was refused.
type Denial struct {
	Role      string    `json:"role"`      // The ARN of the role.
	Operation string    `json:"operation"` // As in Call.Target.
	Action    string    `json:"action"`    // What was not allowed: "kms:Decrypt".
	Resource  string    `json:"resource"`  // The ARN it was not allowed on; never a value.
	Reason    string    `json:"reason"`
	Time      time.Time `json:"time"`
}

// Use is an action that a role was allowed, and did.
type Use struct {
	Role   string `json:"role"` // The ARN of the role.
	Action string `json:"action"`
}

// Denials returns the calls that were refused to roles, oldest first: the first
// 10,000 or so.
func (c *Cloud) Denials() []Denial {
	c.permissions.mu.Lock()
	defer c.permissions.mu.Unlock()
	return slices.Clone(c.permissions.denials)
}

// Uses returns which actions each role was allowed so far, in order.
func (c *Cloud) Uses() []Use {
	c.permissions.mu.Lock()
	defer c.permissions.mu.Unlock()
	uses := []Use{}
	for u := range c.permissions.used {
		uses = append(uses, u)
	}
	slices.SortFunc(uses, func(x, y Use) int {
		return cmp.Or(strings.Compare(x.Role, y.Role), strings.Compare(x.Action, y.Action))
	})
	return uses
}

// ledger counts what roles were allowed and refused. It is forgotten with the
// process.
type ledger struct {
	mu      sync.Mutex
	used    map[Use]bool
	denials []Denial
}

func newLedger(c *Cloud) *ledger {
	c.routes.HandleFunc("GET /_dev/permissions", func(w http.ResponseWriter, _ *http.Request) {
		writeREST(w, object{"used": c.Uses(), "denied": append([]Denial{}, c.Denials()...)}, nil)
	})
	return &ledger{used: map[Use]bool{}}
}

func (l *ledger) use(role, action string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used[Use{role, action}] = true
}

func (l *ledger) deny(d Denial) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.denials) < journalLimit {
		l.denials = append(l.denials, d)
	}
}

// serviceOf returns the service of a target.
func serviceOf(target string) string {
	service, _, _ := strings.Cut(target, ".")
	return service
}

// resourceTags are the condition keys of the tags of a resource, and
// requestTags of the tags that a request carries.
func resourceTags(tags map[string]string) conditions {
	out := conditions{}
	for key, value := range tags {
		out["aws:ResourceTag/"+key] = []string{value}
	}
	return out
}

func requestTags(tags map[string]string) conditions {
	out := conditions{}
	for key, value := range tags {
		out["aws:RequestTag/"+key] = []string{value}
		out["aws:TagKeys"] = append(out["aws:TagKeys"], key)
	}
	slices.Sort(out["aws:TagKeys"])
	return out
}
