package templatetest

import (
	"context"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/connection"
)

// UsedBy implements template.Store.
func (m *Memory) UsedBy(_ context.Context, owner, id, start string, limit int) ([]connection.Ref, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := func(r connection.Ref) string { return r.Tenant + "/" + r.ID }
	var refs []connection.Ref
	for ref, u := range m.uses {
		if (u.place == place{owner, id}) && name(ref) > start {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b connection.Ref) int { return strings.Compare(name(a), name(b)) })
	if len(refs) <= limit {
		return refs, "", nil
	}
	return refs[:limit], name(refs[limit-1]), nil
}
