package modeltest_test

import (
	"net/url"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// journey is a handoff in the browser that opened it.
type journey struct {
	handoff connect.Handoff
	cookie  string
	state   string
	code    string
}

func (j journey) answer() connect.Answer {
	return connect.Answer{
		ContextID: j.handoff.ContextID, Query: url.Values{"state": {j.state}, "code": {j.code}},
		Cookie: func(string) string { return j.cookie }, RequestID: "req-2",
	}
}

// connect takes a person through the whole handoff.
func (p *process) connect(id string) error {
	s := p.s
	before, was := s.get(id)
	started, err := p.connects.Authorize(s.ctx, caller("acme"), connect.Ask{ConnectionID: id})
	if err != nil {
		return err
	}
	link, err := url.Parse(started.StartURL.Reveal())
	if err != nil {
		return err
	}
	opened, err := p.connects.Open(s.ctx, started.Handoff.ID, link.Query().Get("ticket"))
	if err != nil {
		return err
	}
	j := journey{handoff: started.Handoff, cookie: opened.Cookie.Reveal()}
	address, err := p.connects.Confirm(s.ctx, j.handoff.ID, j.cookie, opened.Form.Reveal())
	if err != nil {
		return err
	}
	at, err := url.Parse(address.Reveal())
	if err != nil {
		return err
	}
	j.state, j.code = at.Query().Get("state"), s.provider.consent(id)
	_, err = p.connects.Complete(s.ctx, j.answer())
	if err == nil && !p.dead {
		p.recorded(audit.ConnectionConnect, id)
		s.answered = append(s.answered, j)
	}
	if err != nil && was && p.whole() && before.Credential != nil {
		s.unchanged(before)
	}
	return err
}

// replay sends answers of handoffs again that ended before: none has an effect (I5).
func (s *system) replay() {
	for _, j := range s.answered {
		before, was := s.get(j.handoff.ConnectionID)
		if _, err := s.start(nil, fair, 0).connects.Complete(s.ctx, j.answer()); !fault.Has(err, fault.CodeHandoffUsed) {
			s.rt.Fatalf("I5: an answer came again: got %v, want handoff_used", err)
		}
		if after, _ := s.get(j.handoff.ConnectionID); was && after.Version != before.Version {
			s.rt.Fatal("I5: an answer that came again changed the connection")
		}
	}
}
