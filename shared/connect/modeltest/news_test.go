package modeltest_test

import (
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
)

// news is a change of the status that was written.
type news struct {
	at             time.Time
	status, reason string
}

// changed notes a change of the status that a write made. Of a record that is
// made anew under its id the changes of the first are forgotten.
func (s *system) changed(was, c *connection.Connection) {
	at := s.now
	if !c.Since.Equal(was.Since) {
		at = c.Since
	}
	before, after := connection.StatusOf(was, at), connection.StatusOf(c, at)
	if after == before {
		return
	}
	if !c.Since.Equal(at) {
		s.rt.Fatalf("%s was %s (%s), is %s (%s), and not since now", c.ID, before.Name, before.Reason, after.Name, after.Reason)
	}
	s.news[c.ID] = append(s.news[c.ID], news{at, after.Name, string(after.Reason)})
}

// informed checks that every change of the status of a connection was told, with
// one id each, and that nothing is left to tell. A deletion that went through at
// once is told as such, and a creation that failed is not told.
func (s *system) informed(id string) {
	c, there := s.get(id)
	if there && (len(c.Outbox) > 0 || !c.OutboxAt.IsZero()) {
		s.rt.Fatalf("%s has still to tell %v", id, c.Outbox)
	}
	told, deleted := map[news]string{}, map[string]bool{}
	for _, e := range s.bus.Events() {
		switch {
		case e.Resource != id:
		case e.Type == notify.ConnectionDeleted:
			deleted[e.ID] = true
		case e.Type == notify.ConnectionStatus:
			n := news{e.At, e.Detail["status"], e.Detail["reason"]}
			if was := told[n]; was != "" && was != e.ID {
				s.rt.Fatalf("%s: %+v was told as %s and as %s", id, n, was, e.ID)
			}
			told[n] = e.ID
		}
	}
	if !there && len(deleted) == 0 {
		return
	}
	for _, n := range s.news[id] {
		if told[n] == "" && n.reason != string(connection.ReasonDeleting) {
			s.rt.Fatalf("%s: nobody was told of %+v", id, n)
		}
	}
}
