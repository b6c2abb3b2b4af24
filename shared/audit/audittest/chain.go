package audittest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
)

// Enrol implements audit.Store.
func (m *Memory) Enrol(_ context.Context, tenant string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	least, until, due := audit.Enrolment(at)
	h := m.heads[tenant]
	if !h.Due.IsZero() && !h.Until.Before(least) {
		return nil
	}
	h.Tenant, h.Until = tenant, until
	if h.Due.IsZero() {
		h.Due = due
	}
	h.Version++
	m.heads[tenant] = h
	return nil
}

// Head implements audit.Chain.
func (m *Memory) Head(_ context.Context, tenant string) (audit.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := cloneHead(m.heads[tenant])
	h.Tenant = tenant
	return h, nil
}

// Advance implements audit.Chain.
func (m *Memory) Advance(_ context.Context, h audit.Head, s *audit.Seal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.heads[h.Tenant].Version != h.Version {
		return audit.ErrRaced
	}
	if s != nil {
		if _, ok := m.seals[s.Tenant][s.Seq]; ok {
			return audit.ErrRaced
		}
		if m.seals[s.Tenant] == nil {
			m.seals[s.Tenant] = map[int64]audit.Seal{}
		}
		m.seals[s.Tenant][s.Seq] = cloneSeal(*s)
	}
	h = cloneHead(h)
	h.Version++
	m.heads[h.Tenant] = h
	return nil
}

// Seals implements audit.Chain.
func (m *Memory) Seals(_ context.Context, tenant string, from int64, limit int) ([]audit.Seal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []audit.Seal
	for _, seq := range slices.Sorted(maps.Keys(m.seals[tenant])) {
		if seq >= from && len(found) < limit {
			found = append(found, cloneSeal(m.seals[tenant][seq]))
		}
	}
	return found, nil
}

// Inspection implements audit.Chain.
func (m *Memory) Inspection(_ context.Context, tenant string) (audit.Inspection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.inspections[tenant]
	i.Tenant = tenant
	return i, nil
}

// PutInspection implements audit.Chain.
func (m *Memory) PutInspection(_ context.Context, i audit.Inspection) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.inspections[i.Tenant].Version != i.Version {
		return audit.ErrRaced
	}
	i.Version++
	m.inspections[i.Tenant] = i
	return nil
}

// Tamper does what an attacker does who can write the table: change may change,
// remove and add entries and seals of the tenant.
func (m *Memory) Tamper(tenant string, change func(entries map[string]audit.Entry, seals map[int64]audit.Seal)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := map[string]audit.Entry{}
	for at, e := range m.entries {
		if at.tenant == tenant {
			entries[at.id] = clone(e)
			delete(m.entries, at)
		}
	}
	if m.seals[tenant] == nil {
		m.seals[tenant] = map[int64]audit.Seal{}
	}
	change(entries, m.seals[tenant])
	for entryID, e := range entries {
		e.ID, e.Tenant = entryID, tenant // Both are in the key.
		m.entries[place{tenant, entryID}] = e
	}
	for seq, s := range m.seals[tenant] {
		s.Tenant, s.Seq = tenant, seq
		m.seals[tenant][seq] = s
	}
}

func cloneHead(h audit.Head) audit.Head {
	h.Leasing = maps.Clone(h.Leasing)
	for actor, l := range h.Leasing {
		l.Marks = slices.Clone(l.Marks)
		h.Leasing[actor] = l
	}
	return h
}

func cloneSeal(s audit.Seal) audit.Seal {
	s.Leaves = slices.Clone(s.Leaves)
	return s
}
