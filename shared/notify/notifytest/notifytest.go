// Package notifytest holds a publisher and a mailer that keep what they are
// given. It depends on package notify.
package notifytest

import (
	"context"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/notify"
)

// Bus is a notify.Publisher in memory. An event that is not in the catalogue, or
// holds what the catalogue does not allow, is a panic: whoever published it may
// well log an error and go on. Err, when set, is what Publish returns; it must
// not change while the bus is in use.
type Bus struct {
	Err error

	mu     sync.Mutex
	events []notify.Event
}

// Publish implements notify.Publisher.
func (b *Bus) Publish(_ context.Context, e notify.Event) error {
	if err := e.Check(); err != nil {
		panic(err)
	}
	if b.Err != nil {
		return b.Err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
	return nil
}

// Events returns what was published, oldest first.
func (b *Bus) Events() []notify.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.events)
}

// Types returns the types of what was published, oldest first.
func (b *Bus) Types() []string {
	types := []string{}
	for _, e := range b.Events() {
		types = append(types, e.Type)
	}
	return types
}

// Mailer is a notify.Mailer in memory. Err, when set, is what Send returns; it
// must not change while the mailer is in use.
type Mailer struct {
	Err error

	mu    sync.Mutex
	mails []notify.Mail
}

// Send implements notify.Mailer.
func (m *Mailer) Send(_ context.Context, mail notify.Mail) error {
	if m.Err != nil {
		return m.Err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = append(m.mails, mail)
	return nil
}

// Mails returns what was sent, oldest first.
func (m *Mailer) Mails() []notify.Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails)
}
