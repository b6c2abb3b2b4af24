package chaos_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
)

// call is a request that a function made of AWS or of the provider.
type call struct {
	name string // "dynamodb PutItem audit".
	done bool   // It was carried out; its answer may still be held back.
}

// providerCall names the one call that is not to AWS.
const providerCall = "provider token"

// trap stops what runs at one side of a call.
type trap struct {
	at      int // Counts the calls since the trap was set.
	after   bool
	reached chan struct{} // Closed when it is.
	proceed chan bool     // Takes one value; false hangs up.
}

func newTrap(at int, after bool) *trap {
	return &trap{at: at, after: after, reached: make(chan struct{}), proceed: make(chan bool, 1)}
}

// steps is what the functions of a lane do, call by call, from when it is
// watched.
type steps struct {
	mu       sync.Mutex
	watching bool
	calls    []*call
	trap     *trap // Nil lets everything pass.
}

// watch forgets the calls and sets a trap.
func (s *steps) watch(t *trap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching, s.calls, s.trap = true, nil, t
}

// seen ends the watch and returns the calls.
func (s *steps) seen() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching, s.trap = false, nil
	calls := make([]call, len(s.calls))
	for at, c := range s.calls {
		calls[at] = *c
	}
	return calls
}

// pass performs a call unless a trap before it hangs up. It reports whether the
// caller may have the answer.
func (s *steps) pass(name string, perform func()) bool {
	done, trap, at := s.begin(name)
	if !trap.hold(at, false) {
		return false
	}
	perform()
	done()
	return trap.hold(at, true)
}

// begin notes a call if the steps are watched. done notes that it was carried
// out, for whoever has not ended the watch meanwhile.
func (s *steps) begin(name string) (done func(), t *trap, at int) {
	if s == nil {
		return func() {}, nil, 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.watching {
		return func() {}, nil, 0
	}
	c := &call{name: name}
	s.calls = append(s.calls, c)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.done = true
	}, s.trap, len(s.calls) - 1
}

// hold waits for the verdict if this is where the trap is.
func (t *trap) hold(at int, after bool) bool {
	if t == nil || t.at != at || t.after != after {
		return true
	}
	close(t.reached)
	return <-t.proceed
}

// observed puts steps in front of a server. whose says what a call is named and
// whose step it is; a call that is nobody's passes.
func observed(next http.Handler, whose func(r *http.Request, body []byte) (*steps, string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		steps, name := whose(r, drain(r))
		answer := httptest.NewRecorder()
		if !steps.pass(name, func() { next.ServeHTTP(answer, r) }) {
			panic(http.ErrAbortHandler) // Hangs up.
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // A process that was killed does not read it.
	})
}

var (
	operation = regexp.MustCompile(`^(\w+?)(?:_\d+)?\.(\w+)$`)
	partition = regexp.MustCompile(`"pk":\{"S":"[^"#]*#([a-z]+)`)
)

// awsCall names a call by its service, its operation and, where it is about an
// item, the kind of the item.
func awsCall(r *http.Request, body []byte) string {
	name := r.Method + " " + r.URL.Path
	if m := operation.FindStringSubmatch(r.Header.Get("X-Amz-Target")); m != nil {
		name = m[1] + " " + m[2]
	}
	if m := partition.FindSubmatch(body); m != nil {
		name += " " + string(m[1])
	}
	return name
}
