package modeltest_test

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// records is the connection store as a process sees it.
type records struct {
	connection.Store
	p *process
}

func (s records) Get(ctx context.Context, tenant, id string) (c connection.Connection, err error) {
	err = s.p.do("connection get", func() error { c, err = s.Store.Get(ctx, tenant, id); return err })
	return c, err
}

func (s records) Create(ctx context.Context, c connection.Connection) error {
	return s.p.do("connection create", func() error {
		s.p.touched[c.ID] = true
		err := s.Store.Create(ctx, c)
		if err == nil {
			s.p.s.known(c.ID, s.p.began)
		}
		return err
	})
}

// Update has a point between its read and its write too.
func (s records) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	s.p.touched[id] = true
	err = s.p.do("connection update", func() error {
		var was connection.Connection
		c, err = s.Store.Update(ctx, tenant, id, func(c *connection.Connection) error {
			was = *c
			if err := change(c); err != nil {
				return err
			}
			return s.p.point("in connection update")
		})
		if err == nil {
			s.p.s.observe(&c)
			s.p.s.changed(&was, &c)
		}
		return err
	})
	return c, err
}

func (s records) SaveAnswer(ctx context.Context, tenant, id string, epoch int, sealed []byte) error {
	return s.p.do("answer save", func() error {
		if s.p.trouble == noAnswers {
			return errBusy
		}
		err := s.Store.SaveAnswer(ctx, tenant, id, epoch, sealed)
		if err == nil && s.p.sent != nil {
			s.p.sent.saved = true
		}
		return err
	})
}

func (s records) Delete(ctx context.Context, tenant, id string) error {
	return s.p.do("connection delete", func() error {
		err := s.Store.Delete(ctx, tenant, id)
		if err == nil {
			s.p.s.removed[id] = s.p.s.now
		}
		return err
	})
}

func (s records) Due(ctx context.Context, index connection.Index, t time.Time, limit int) (refs []connection.Ref, err error) {
	err = s.p.do("due", func() error { refs, err = s.Store.Due(ctx, index, t, limit); return err })
	return refs, err
}

// secrets is the secret store.
type secrets struct {
	vault.Secrets
	p *process
}

// do carries out a step, unless the store refuses it, or the key of the tenant
// is disabled that it needs.
func (s secrets) do(step, name string, keyed bool, act func() error) error {
	return s.p.do(step, func() error {
		tenant, owner := vault.SecretOwner(name)
		switch {
		case s.p.trouble == noSecrets:
			s.p.hurt = true
			return errBusy
		case keyed && s.p.s.locked && tenant == "acme":
			return errLocked
		}
		s.p.touched[owner] = true
		return act()
	})
}

func (s secrets) Create(ctx context.Context, name, keyARN, token string, value secret.Bytes) (version string, err error) {
	err = s.do("secret create", name, true, func() error {
		version, err = s.Secrets.Create(ctx, name, keyARN, token, value)
		if err == nil {
			s.note(version, value)
		}
		return err
	})
	return version, err
}

func (s secrets) Put(ctx context.Context, name, token string, value secret.Bytes) (version string, err error) {
	err = s.do("secret put", name, true, func() error {
		version, err = s.Secrets.Put(ctx, name, token, value)
		if err == nil {
			s.note(version, value)
		}
		return err
	})
	return version, err
}

// note remembers the key that a version holds, and that an answer is safe.
func (s secrets) note(version string, value secret.Bytes) {
	m, err := vault.DecodeMaterial(value)
	if err != nil {
		return
	}
	if key, ok := m.Fields["apiKey"]; ok {
		s.p.s.kept[version] = key.Reveal()
	}
	if len(m.Answer) > 0 && s.p.sent != nil {
		s.p.sent.saved = true
	}
}

func (s secrets) Promote(ctx context.Context, name, version, from string) error {
	return s.do("secret promote", name, true, func() error { return s.Secrets.Promote(ctx, name, version, from) })
}

func (s secrets) Get(ctx context.Context, at vault.Locator) (value secret.Bytes, err error) {
	err = s.do("secret get", at.Secret, true, func() error { value, err = s.Secrets.Get(ctx, at); return err })
	return value, err
}

func (s secrets) Retire(ctx context.Context, at vault.Locator) error {
	return s.do("secret retire", at.Secret, false, func() error { return s.Secrets.Retire(ctx, at) })
}

func (s secrets) Delete(ctx context.Context, name string) error {
	return s.do("secret delete", name, false, func() error { return s.Secrets.Delete(ctx, name) })
}

// lockable finds the data keys, which the disabled key of a tenant does not open.
type lockable struct {
	vault.DataKeys
	s *system
}

func (l lockable) DataKey(ctx context.Context, tenant string) (vault.WrappedKey, error) {
	if l.s.locked && tenant == "acme" {
		return vault.WrappedKey{}, errLocked
	}
	return l.DataKeys.DataKey(ctx, tenant)
}

// entries is the store of the audit.
type entries struct {
	audit.Store
	p *process
}

func (s entries) Append(ctx context.Context, e audit.Entry) error {
	return s.p.do("audit append", func() error {
		err := s.Store.Append(ctx, e)
		if err == nil {
			s.p.entries = append(s.p.entries, e)
		}
		return err
	})
}

// handoffs is the store of handoffs.
type handoffs struct {
	connect.Store
	p *process
}

func (s handoffs) Create(ctx context.Context, h connect.Handoff) error {
	return s.p.do("handoff create", func() error { return s.Store.Create(ctx, h) })
}

func (s handoffs) Update(ctx context.Context, id string, change func(*connect.Handoff) error) (h connect.Handoff, err error) {
	err = s.p.do("handoff update", func() error { h, err = s.Store.Update(ctx, id, change); return err })
	return h, err
}

// unique is the store of idempotency keys.
type unique struct {
	idempotency.Store
	p *process
}

func (s unique) Reserve(ctx context.Context, r idempotency.Record, at time.Time) (got idempotency.Record, reserved bool, err error) {
	err = s.p.do("key reserve", func() error { got, reserved, err = s.Store.Reserve(ctx, r, at); return err })
	return got, reserved, err
}

func (s unique) Finish(ctx context.Context, tenant, key string) error {
	return s.p.do("key finish", func() error { return s.Store.Finish(ctx, tenant, key) })
}

func (s unique) Release(ctx context.Context, tenant, key string) error {
	return s.p.do("key release", func() error { return s.Store.Release(ctx, tenant, key) })
}

// bus tells of events.
type bus struct {
	notify.Publisher
	p *process
}

func (b bus) Publish(ctx context.Context, e notify.Event) error {
	return b.p.do("publish", func() error { return b.Publisher.Publish(ctx, e) })
}
