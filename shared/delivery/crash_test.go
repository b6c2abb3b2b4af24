package delivery_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

// sending lets something happen before an event is sent.
type sending struct {
	delivery.Sender
	before func()
}

func (s *sending) Send(ctx context.Context, e webhook.Endpoint, event notify.Event) webhook.Result {
	s.before()
	return s.Sender.Send(ctx, e, event)
}

// mortal counts the steps of a process and lets it die before or after one.
type mortal struct {
	step, last int
	after      bool
	dead       bool
	sent       bool
	name       string // Of the step it died at.
}

func (m *mortal) run(name string, call func() error) error {
	if m.dead {
		return errDown
	}
	m.step++
	if m.step == m.last && !m.after {
		m.dead, m.name = true, name
		return errDown
	}
	if err := call(); err != nil {
		return err
	}
	m.sent = m.sent || name == "sent"
	if m.step == m.last {
		m.dead, m.name = true, name
		return errDown
	}
	return nil
}

type mortalStore struct {
	delivery.Store
	*mortal
}

func (s mortalStore) Create(ctx context.Context, d delivery.Delivery) (made bool, err error) {
	err = s.run("create", func() (err error) { made, err = s.Store.Create(ctx, d); return err })
	return made, err
}

func (s mortalStore) Update(ctx context.Context, tenant, id string, change func(*delivery.Delivery) error) (d delivery.Delivery, err error) {
	err = s.run("update", func() (err error) { d, err = s.Store.Update(ctx, tenant, id, change); return err })
	return d, err
}

func (s mortalStore) Once(ctx context.Context, tenant, about, event string, now, until time.Time) (ok bool, err error) {
	err = s.run("once", func() (err error) { ok, err = s.Store.Once(ctx, tenant, about, event, now, until); return err })
	return ok, err
}

type mortalEndpoints struct {
	webhook.Store
	*mortal
}

func (s mortalEndpoints) Update(ctx context.Context, tenant, id string, change func(*webhook.Endpoint) error) (e webhook.Endpoint, err error) {
	err = s.run("endpoint", func() (err error) { e, err = s.Store.Update(ctx, tenant, id, change); return err })
	return e, err
}

type mortalMailer struct {
	notify.Mailer
	*mortal
}

func (s mortalMailer) Send(ctx context.Context, m notify.Mail) error {
	return s.run("sent", func() error { return s.Mailer.Send(ctx, m) })
}

type mortalBus struct {
	notify.Publisher
	*mortal
}

func (s mortalBus) Publish(ctx context.Context, e notify.Event) error {
	return s.run("publish", func() error { return s.Publisher.Publish(ctx, e) })
}

type mortalSender struct {
	delivery.Sender
	*mortal
}

func (s mortalSender) Send(ctx context.Context, e webhook.Endpoint, event notify.Event) (r webhook.Result) {
	r.Outcome = webhook.Unreachable
	_ = s.run("sent", func() error { r = s.Sender.Send(ctx, e, event); return nil })
	return r // Of a dead process nobody notes it.
}

// dying returns a service that dies at a step.
func (w *world) dying(last int, after bool) (*delivery.Service, *mortal) {
	m := &mortal{last: last, after: after}
	s := *w.Service
	s.Store, s.Endpoints = mortalStore{s.Store, m}, mortalEndpoints{s.Endpoints, m}
	s.Sender, s.Mailer, s.Events = mortalSender{s.Sender, m}, mortalMailer{s.Mailer, m}, mortalBus{s.Events, m}
	return &s, m
}

// Wherever a process dies, the webhook is sent, and only where it dies between
// the receiver's answer and the record of it is it sent twice. The same of a
// mail.
func TestCrashAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"webhook", "mail"} {
		for last := 1; last <= 8; last++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %d after=%t", kind, last, after), func(t *testing.T) { crash(t, kind, last, after) })
			}
		}
	}
}

func crash(t *testing.T, kind string, last int, after bool) {
	t.Parallel()
	w := newWorld(t)
	event := degraded("evt_1", "expired")
	if kind == "webhook" {
		w.endpoint("acme")
		event = connected("evt_1")
	}
	s, m := w.dying(last, after)
	_ = s.Tell(t.Context(), "req", envelope(event))
	if !m.dead {
		return // It has fewer steps.
	}
	w.tell(event) // SQS brings back what was not done with.
	w.until(start.Add(10 * time.Minute))
	sent := len(w.receiver.Requests()) + len(w.mailer.Mails())
	lost := m.sent && (m.name != "update" || !after) // It was sent, and that is not on record.
	if want := map[bool]int{false: 1, true: 2}[lost]; sent != want {
		t.Errorf("died at %s: sent %d times, want %d", m.name, sent, want)
	}
	all := w.store.All("acme")
	if len(all) != 1 || all[0].State != delivery.Delivered {
		t.Errorf("died at %s: got %+v", m.name, all)
	}
}

// slow is a store whose process is held up after a delivery was made, until
// somebody else has found it due.
type slow struct {
	delivery.Store
	w *world
}

func (s slow) Create(ctx context.Context, d delivery.Delivery) (bool, error) {
	made, err := s.Store.Create(ctx, d)
	s.w.at(d.Due)
	s.w.receiver.SetAnswer(503, nil, nil)
	s.w.work()
	return made, err
}

func TestWhoWasHeldUpDoesNotAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	s := *w.Service
	s.Store = slow{w.store, w}
	must(t, s.Tell(t.Context(), "req", envelope(connected("evt_1"))))
	if n := len(w.receiver.Requests()); n != 1 {
		t.Errorf("attempted %d times, want once", n)
	}
}

// Wherever a process dies that disables an endpoint, it is told of once.
func TestCrashWhileDisabling(t *testing.T) {
	t.Parallel()
	died := map[string]bool{}
	for last := 1; last <= 10; last++ {
		for _, after := range []bool{false, true} {
			w := newWorld(t)
			e := w.endpoint("acme")
			w.receiver.SetAnswer(503, nil, nil)
			w.tell(connected("evt_1"))
			w.until(start.Add(23 * time.Hour))
			w.at(start.Add(24 * time.Hour))
			s, m := w.dying(last, after)
			w.attempts(s)
			died[m.name] = true
			w.until(start.Add(30 * time.Hour))
			if s := w.standing(e); s.Enabled || s.Untold != "" {
				t.Errorf("died at %s, after %v: got %+v", m.name, after, s)
			}
			ids := map[string]bool{}
			for _, event := range w.bus.Events() {
				ids[event.ID] = true
			}
			if len(ids) != 1 {
				t.Errorf("died at %s, after %v: published %+v", m.name, after, w.bus.Events())
			}
		}
	}
	for _, step := range []string{"update", "sent", "endpoint", "publish"} {
		if !died[step] {
			t.Errorf("died at %v, never at %s", died, step)
		}
	}
}

// attempts lets a service that dies do what is due.
func (w *world) attempts(s *delivery.Service) {
	for _, item := range w.store.Due(w.clock()) {
		_ = s.Due(w.t.Context(), "req", item)
	}
}

// A message that comes twice finds the claim of the first.
func TestEVT02DoubledMessageFindsTheClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	w.tell(connected("evt_1"))
	w.at(start.Add(time.Minute))
	items := w.store.Due(w.clock())
	depth := 0
	w.Sender = &sending{w.Sender, func() {
		if depth++; depth == 1 {
			must(t, w.Due(t.Context(), "other", items[0]))
		}
	}}
	w.work()
	if n := len(w.receiver.Requests()); n != 2 || depth != 1 {
		t.Errorf("attempted %d times, want the first and the one that was due", n)
	}
}

// Whoever was overtaken notes no failure: what is planned is the other's.
func TestOvertakenAttemptPlansNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	depth := 0
	w.Sender = &sending{w.Sender, func() {
		if depth++; depth == 1 {
			w.at(start.Add(3 * time.Minute))
			w.work()
			w.at(start.Add(4 * time.Minute))
		}
	}}
	w.tell(connected("evt_1"))
	if d := w.store.All("acme")[0]; depth != 2 || d.Attempts != 2 || !d.Due.Equal(start.Add(8*time.Minute)) {
		t.Errorf("got %+v after %d attempts", d, depth)
	}
}
