package outage_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
)

const stripeAPI = "api:stripe"

// examine checks a connection unless that is put off.
func (r *rig) examine(t *testing.T, connection string, well bool) (stopped bool, err error) {
	t.Helper()
	pass, err := r.Admit(t.Context(), stripeAPI, connection)
	if err == nil {
		stopped = r.Examined(t.Context(), pass, connection, well)
	}
	return stopped, err
}

// An incident needs many different connections, most of those examined, at about
// the same time.
func TestIncidentBegins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		run  func(*rig)
		want bool
	}{
		"twenty of twenty":            {func(r *rig) { r.failing(t, 20, 0) }, true},
		"nineteen of nineteen":        {func(r *rig) { r.failing(t, 19, 0) }, false},
		"more than half":              {func(r *rig) { r.failing(t, 30, 29) }, true},
		"half":                        {func(r *rig) { r.failing(t, 30, 30) }, false},
		"one again and again":         {func(r *rig) { r.again(t, 100) }, false},
		"over more than ten minutes":  {func(r *rig) { r.failing(t, 19, 0); r.now = r.now.Add(10 * time.Minute); r.again(t, 1) }, false},
		"over less than ten minutes":  {func(r *rig) { r.failing(t, 19, 0); r.now = r.now.Add(9 * time.Minute); r.again(t, 1) }, true},
		"hundreds, after hundreds ok": {func(r *rig) { r.failing(t, 600, 300); r.now = r.now.Add(10 * time.Minute); r.failing(t, 20, 0) }, true},
	} {
		r := newRig()
		c.run(r)
		if got := r.Look(t.Context(), stripeAPI).Stopped(); got != c.want {
			t.Errorf("%s: got an incident %t, want %t", name, got, c.want)
		}
		want := 0
		if c.want {
			want = 1
		}
		if got := r.bus.Events(); len(got) != want || want == 1 && (got[0].Type != notify.ProviderOutage || got[0].Resource != "stripe" || got[0].Detail["endpoint"] != "api") {
			t.Errorf("%s: events %v, want %d", name, got, want)
		}
	}
}

// failing examines connections one after the other: first one that fails, then
// those that do well, then the rest.
func (r *rig) failing(t *testing.T, failing, well int) {
	t.Helper()
	_, _ = r.examine(t, con(0), false)
	for n := range well {
		_, _ = r.examine(t, con(5000+n), true)
	}
	for n := range failing - 1 {
		_, _ = r.examine(t, con(1+n), false)
	}
}

func (r *rig) again(t *testing.T, times int) {
	t.Helper()
	for range times {
		_, _ = r.examine(t, "con_again", false)
	}
}

// While it lasts one connection is checked each half minute; the first that does
// well ends it, and the others come back one after the other.
func TestIncidentEnds(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.failing(t, 20, 0)
	checked := 0
	for n := range 600 {
		r.now = r.now.Add(time.Second)
		if stopped, err := r.examine(t, con(n), false); err == nil {
			if checked++; !stopped {
				t.Fatal("a canary that fails is believed")
			}
		}
	}
	if checked != 20 {
		t.Errorf("canaries in ten minutes: got %d, want one each half minute", checked)
	}
	writes := r.store.Writes()
	if !r.Examined(t.Context(), r.Look(t.Context(), stripeAPI), con(1), true) || r.store.Writes() != writes {
		t.Error("what a runtime says of one connection ended the incident, or was written")
	}
	r.now = r.now.Add(31 * time.Second)
	if stopped, err := r.examine(t, con(7), true); stopped || err != nil {
		t.Errorf("the canary that does well: stopped %t, %v", stopped, err)
	}
	back := 0
	for n := range 1000 {
		if _, err := r.examine(t, con(n), true); err == nil {
			back++
		}
	}
	if back < 50 || back > 200 {
		t.Errorf("back at once: got %d of 1000, want about a tenth", back)
	}
	if got := r.bus.Events(); len(got) != 2 || got[1].Detail["phase"] != "ended" {
		t.Errorf("events: got %v, want the beginning and the end", got)
	}
	if at := r.Look(t.Context(), stripeAPI).RecoveredAt(); !at.Equal(r.now) {
		t.Errorf("recovered at %s, want now", at)
	}
}

// OUT-07: the API of one provider, and its token endpoint, have nothing to do with
// those of another, nor with each other.
func TestOUT07APIsAreApart(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.failing(t, 20, 0)
	for _, other := range []string{"api:shopify", "stripe"} {
		if _, err := r.Admit(t.Context(), other, con(1)); err != nil {
			t.Errorf("%s: %v", other, err)
		}
	}
}

// A provider that does well costs one read and no write.
func TestExaminingTheWellCostsNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	for n := range 50 {
		if stopped, err := r.examine(t, con(n), true); stopped || err != nil {
			t.Fatal(stopped, err)
		}
	}
	if got := r.store.Writes(); got != 0 {
		t.Errorf("writes: got %d, want none", got)
	}
}

// Who is behind the API of a connection.
func TestAPI(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hosts []string
		base  string
		want  string
	}{
		"hosts of its own":     {[]string{"api.stripe.com"}, "https://api.stripe.com", "api:crm"},
		"below its own":        {[]string{"{shop}.myshopify.com"}, "https://a.myshopify.com", "api:crm"},
		"a host of the tenant": {[]string{"{baseUrl}"}, "https://erp.example.com:8443/v1", "api:acme erp.example.com:8443"},
		"nothing to call":      {[]string{"{host}"}, "", ""},
		"no address":           {[]string{"{host}"}, "://", ""},
	} {
		if got := outage.API(catalog.Connector{ID: "crm", Hosts: c.hosts}, "acme", c.base); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
