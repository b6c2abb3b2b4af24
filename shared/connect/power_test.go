package connect_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// errPower is what a call finds that failed, or that comes after the process died.
var errPower = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

// power lets one write to a store fail or be interleaved, before or after it was carried out,
// and with dies every later call too, as if the process had ended there. It
// keeps the names of all writes, and all that was written.
type power struct {
	mu      sync.Mutex
	op      string // "secrets.create"
	skip    int    // How many writes of that name go well before.
	after   bool
	dies    bool
	dead    bool
	before  func(op string) // What someone else does just before a write.
	writes  []string
	written []any
}

// cut plans the failure; on forgets it.
func (p *power) cut(op string, after, dies bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.op, p.after, p.dies, p.dead, p.skip = op, after, dies, false, 0
}

// cutAt is cut at a later write of the same name: nth counts from zero.
func (p *power) cutAt(op string, nth int, after, dies bool) {
	p.cut(op, after, dies)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skip = nth
}

func (p *power) on() { p.cut("", false, false) }

// since returns the names of the writes after the first n, without repetition.
func (p *power) since(n int) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for _, name := range p.writes[n:] {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (p *power) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.writes)
}

func (p *power) keep(v any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written = append(p.written, v)
}

func (p *power) all() []any {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.written)
}

func (p *power) fails(op string, after bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return true
	}
	if !after {
		p.writes = append(p.writes, op)
	}
	if p.op != op || p.after != after {
		return false
	}
	if p.skip--; p.skip >= 0 {
		return false
	}
	p.op, p.dead = "", p.dies
	return true
}

func (p *power) run(op string, call func() error) error {
	p.mu.Lock()
	before := p.before
	p.mu.Unlock()
	if before != nil {
		before(op)
	}
	if p.fails(op, false) {
		return errPower
	}
	if err := call(); err != nil {
		return err
	}
	if p.fails(op, true) {
		return errPower
	}
	return nil
}

type connections struct {
	connection.Store
	p *power
}

func (s connections) Get(ctx context.Context, tenant, id string) (connection.Connection, error) {
	s.p.mu.Lock()
	dead := s.p.dead
	s.p.mu.Unlock()
	if dead {
		return connection.Connection{}, errPower
	}
	return s.Store.Get(ctx, tenant, id)
}

func (s connections) Create(ctx context.Context, c connection.Connection) error {
	s.p.keep(c)
	return s.p.run("connections.create", func() error { return s.Store.Create(ctx, c) })
}

func (s connections) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.p.run("connections.update", func() (err error) {
		c, err = s.Store.Update(ctx, tenant, id, change)
		s.p.keep(c)
		return err
	})
	return c, err
}

func (s connections) Delete(ctx context.Context, tenant, id string) error {
	return s.p.run("connections.delete", func() error { return s.Store.Delete(ctx, tenant, id) })
}

type secrets struct {
	vault.Secrets
	p *power
}

func (s secrets) Create(ctx context.Context, name, keyARN, token string, value secret.Bytes) (version string, err error) {
	err = s.p.run("secrets.create", func() (err error) {
		version, err = s.Secrets.Create(ctx, name, keyARN, token, value)
		return err
	})
	return version, err
}

func (s secrets) Put(ctx context.Context, name, token string, value secret.Bytes) (version string, err error) {
	err = s.p.run("secrets.put", func() (err error) {
		version, err = s.Secrets.Put(ctx, name, token, value)
		return err
	})
	return version, err
}

func (s secrets) Promote(ctx context.Context, name, version, from string) error {
	return s.p.run("secrets.promote", func() error { return s.Secrets.Promote(ctx, name, version, from) })
}

func (s secrets) Retire(ctx context.Context, at vault.Locator) error {
	return s.p.run("secrets.retire", func() error { return s.Secrets.Retire(ctx, at) })
}

// Delete does nothing for an ended request, as a real store.
func (s secrets) Delete(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.p.run("secrets.delete", func() error { return s.Secrets.Delete(ctx, name) })
}

type templates struct {
	template.Store
	p *power
}

func (s templates) Create(ctx context.Context, t template.Template) error {
	s.p.keep(t)
	return s.Store.Create(ctx, t)
}

func (s templates) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (t template.Template, err error) {
	err = s.p.run("templates.update", func() (err error) {
		t, err = s.Store.Update(ctx, owner, id, change)
		s.p.keep(t)
		return err
	})
	return t, err
}

func (s templates) InUse(ctx context.Context, owner, id string) (used bool, err error) {
	err = s.p.run("templates.inUse", func() (err error) {
		used, err = s.Store.InUse(ctx, owner, id)
		return err
	})
	return used, err
}

func (s templates) Delete(ctx context.Context, t template.Template) error {
	return s.p.run("templates.delete", func() error { return s.Store.Delete(ctx, t) })
}

type handoffs struct {
	connect.Store
	p *power
}

func (s handoffs) Create(ctx context.Context, h connect.Handoff) error {
	s.p.keep(h)
	return s.p.run("handoffs.create", func() error { return s.Store.Create(ctx, h) })
}

func (s handoffs) Update(ctx context.Context, id string, change func(*connect.Handoff) error) (h connect.Handoff, err error) {
	err = s.p.run("handoffs.update", func() (err error) {
		h, err = s.Store.Update(ctx, id, change)
		s.p.keep(h)
		return err
	})
	return h, err
}

type keys struct {
	idempotency.Store
	p *power
}

func (s keys) Reserve(ctx context.Context, r idempotency.Record, at time.Time) (idempotency.Record, bool, error) {
	s.p.keep(r)
	return s.Store.Reserve(ctx, r, at)
}

func (s keys) Finish(ctx context.Context, tenant, key string) error {
	return s.p.run("keys.finish", func() error { return s.Store.Finish(ctx, tenant, key) })
}

func (s keys) Release(ctx context.Context, tenant, key string) error {
	return s.p.run("keys.release", func() error { return s.Store.Release(ctx, tenant, key) })
}

type entries struct {
	audit.Store
	p *power
}

func (s entries) Append(ctx context.Context, e audit.Entry) error {
	s.p.keep(e)
	return s.p.run("audit.append", func() error { return s.Store.Append(ctx, e) })
}
