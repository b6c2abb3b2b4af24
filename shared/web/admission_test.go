package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// closed admits nobody and remembers who asked.
type closed struct{ asked []string }

func (c *closed) Admit(_ context.Context, caller auth.Caller, r *routes.Route) error {
	c.asked = append(c.asked, caller.Home+" "+caller.Tenant+" "+r.Name)
	return fault.New(fault.Denied, fault.CodeTenantRemoved, "Gone.")
}

// Whoever is not admitted reaches no handler, and is asked about before anything
// of the request is read; operations without a token ask nothing.
func TestAdmissionComesBeforeTheHandler(t *testing.T) {
	t.Parallel()
	c, calls := new(closed), 0
	handler := web.Handle(routes.SettingsPut, func(context.Context, auth.Caller, api.SettingsPut) (api.Settings, error) {
		calls++
		return api.Settings{}, nil
	}, web.Options{TenantClaim: webtest.TenantClaim, Admission: c})
	e := event(routes.SettingsPut.Route)
	e.Body = "{" // Not JSON.
	res, err := handler(t.Context(), e)
	if err != nil || res.StatusCode != 403 || !strings.Contains(res.Body, `"tenant_removed"`) || calls != 0 || len(c.asked) != 1 {
		t.Errorf("got %d %s, %d calls, asked %v", res.StatusCode, res.Body, calls, c.asked)
	}
	public := web.Handle(routes.Healthz, func(context.Context, auth.Caller, api.None) (api.Health, error) { return api.Health{}, nil },
		web.Options{TenantClaim: webtest.TenantClaim, Admission: c})
	if res, err := public(t.Context(), event(routes.Healthz.Route)); err != nil || res.StatusCode != 200 || len(c.asked) != 1 {
		t.Errorf("public: got %d, asked %v", res.StatusCode, c.asked)
	}
}
