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
	mu        sync.Mutex
	watching  bool
	calls     []*call
	trap      *trap     // Nil lets everything pass.
	disturb   disturber // Nil lets AWS do as it does.
	disturbed int       // How many calls were.
}

// watch forgets the calls and sets a trap.
func (s *steps) watch(t *trap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching, s.calls, s.trap, s.disturb, s.disturbed = true, nil, t, nil, 0
}

// upset forgets the calls and lets AWS misbehave.
func (s *steps) upset(d disturber) {
	s.watch(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disturb = d
}

// seen ends the watch and returns the calls.
func (s *steps) seen() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching, s.trap, s.disturb = false, nil, nil
	calls := make([]call, len(s.calls))
	for at, c := range s.calls {
		calls[at] = *c
	}
	return calls
}

// hits returns how many calls were disturbed since the steps are watched.
func (s *steps) hits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.disturbed
}

// pass performs a call unless a trap before it hangs up. It reports whether the
// caller may have the answer.
func (s *steps) pass(name string, perform func(disturbance)) bool {
	p := s.begin(name)
	if !p.trap.hold(p.at, false) {
		return false
	}
	perform(p.disturbance)
	p.done()
	return p.trap.hold(p.at, true)
}

// passage is one call on its way.
type passage struct {
	at          int
	trap        *trap
	disturbance disturbance
	done        func() // Notes that it was carried out, unless the watch has ended.
}

// begin notes a call if the steps are watched.
func (s *steps) begin(name string) passage {
	if s == nil {
		return passage{done: func() {}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.watching {
		return passage{done: func() {}}
	}
	c := &call{name: name}
	p := passage{at: len(s.calls), trap: s.trap}
	s.calls = append(s.calls, c)
	if s.disturb != nil && name != providerCall {
		p.disturbance = s.disturb(p.at, name)
	}
	if p.disturbance != none {
		s.disturbed++
	}
	p.done = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.done = !p.disturbance.refuses()
	}
	return p
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
		if !steps.pass(name, func(d disturbance) { d.serve(answer, r, next) }) {
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
