package lease_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var errCrash = errors.New("the process is gone")

// faults counts the calls of one process to its stores and runs what a test
// asks for around them: on["before update 2"] runs before the second update.
// After crash nothing the process does has an effect.
type faults struct {
	trace *trace
	on    map[string]func()
	fail  map[string]func(nth int) error // By call; runs instead of it unless it is nil.

	mu     sync.Mutex
	counts map[string]int
	dead   bool
}

func (f *faults) crash() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
}

func (f *faults) crashed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

func (f *faults) do(call string, act func() error) error {
	f.mu.Lock()
	f.counts[call]++
	nth := f.counts[call]
	numbered := fmt.Sprintf("%s %d", call, nth)
	f.mu.Unlock()
	f.trace.add(call)
	if before := f.on["before "+numbered]; before != nil {
		before()
	}
	if f.crashed() {
		return errCrash
	}
	if fail := f.fail[call]; fail != nil {
		if err := fail(nth); err != nil {
			return err
		}
	}
	err := act()
	if after := f.on["after "+numbered]; after != nil {
		after()
	}
	if f.crashed() {
		return errCrash
	}
	return err
}

// store passes on to a connection store, unless the caller is gone.
type store struct {
	connection.Store
	*faults
}

func (s store) Get(ctx context.Context, tenant, id string) (c connection.Connection, err error) {
	err = s.do("get", func() error { c, err = s.Store.Get(ctx, tenant, id); return err })
	return c, err
}

func (s store) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.do("update", func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err = s.Store.Update(ctx, tenant, id, change)
		return err
	})
	return c, err
}

func (s store) SaveAnswer(ctx context.Context, tenant, id string, epoch int, sealed []byte) error {
	return s.do("save", func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.Store.SaveAnswer(ctx, tenant, id, epoch, sealed)
	})
}

// secrets is the same for the secret store.
type secrets struct {
	*vaulttest.Secrets
	*faults
}

func (s secrets) Get(ctx context.Context, at vault.Locator) (value secret.Bytes, err error) {
	err = s.do("secret get", func() error { value, err = s.Secrets.Get(ctx, at); return err })
	return value, err
}

func (s secrets) Put(ctx context.Context, name, token string, value secret.Bytes) (version string, err error) {
	err = s.do("put", func() error { version, err = s.Secrets.Put(ctx, name, token, value); return err })
	return version, err
}

func (s secrets) Promote(ctx context.Context, name, version, from string) error {
	return s.do("promote", func() error { return s.Secrets.Promote(ctx, name, version, from) })
}

// audits traces the audit.
type audits struct {
	*audittest.Memory
	trace *trace
}

func (a audits) Append(ctx context.Context, e audit.Entry) error {
	a.trace.add("audit " + string(e.Action) + " " + e.Resource)
	return a.Memory.Append(ctx, e)
}
