package template

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
)

// keyedPage is how many templates are read at once to find a stable key.
const keyedPage = 100

// FindByKey is Find by the stable key: a tenant's own template goes before the
// embedded one of the organization.
func (s *Service) FindByKey(ctx context.Context, tenant, stableKey string) (Template, error) {
	for _, owner := range []string{tenant, auth.Organization} {
		for start := ""; ; {
			found, next, err := s.Store.List(ctx, owner, start, keyedPage)
			if err != nil {
				return Template{}, err
			}
			for _, t := range found {
				if t.StableKey == stableKey && t.visible(tenant) {
					return t, nil
				}
			}
			if start = next; start == "" {
				break
			}
		}
	}
	return Template{}, ErrNotFound
}
