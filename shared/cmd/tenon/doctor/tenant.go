package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// soonDays is how far ahead is looked for what ends.
const soonDays = 14

// named is how many of what needs attention are named; the rest is counted.
const named = 3

// look performs an operation for a check. What this caller may not see is skipped.
func look[In, Out any](ctx context.Context, d *doctor, check string, r routes.Typed[In, Out], in In) (Out, bool) {
	out, err := client.Call(ctx, d.calls, r, in)
	p, answered := errors.AsType[*client.Problem](err)
	switch {
	case err == nil:
		return out, true
	case answered && p.Status == http.StatusForbidden:
		d.tell(Finding{Check: check, State: Skipped, Detail: "The token may not see this."})
	default:
		d.wrong(check, "Try again; see the service's log.", "It could not be looked at: %v.", err)
	}
	return out, false
}

// judge tells of what needs attention, or that nothing does. More says that there
// are further ones than were looked at.
func (d *doctor) judge(check, what, remedy string, found []string, more bool) {
	if len(found) == 0 {
		d.passed(check, "None is %s.", what)
		return
	}
	count := fmt.Sprint(len(found))
	if more {
		count += " or more"
	}
	list := strings.Join(found[:min(named, len(found))], ", ")
	if len(found) > named {
		list += ", …"
	}
	d.wrong(check, remedy, "%s %s: %s.", count, what, list)
}

func (d *doctor) connections(ctx context.Context) {
	page, ok := look(ctx, d, "connections", routes.ConnectionList, api.ConnectionList{Status: "degraded", Page: api.Page{Limit: 100}})
	if !ok {
		return
	}
	var found []string
	for _, c := range page.Items {
		found = append(found, fmt.Sprintf("%s %q (%s)", c.ID, c.Name, c.Reason))
	}
	d.judge("connections", "degraded", "See why and what to do: tenon connection list --status degraded", found, page.NextCursor != "")
}

func (d *doctor) providers(ctx context.Context) {
	list, ok := look(ctx, d, "systems", routes.ProviderList, api.None{})
	if !ok {
		return
	}
	var found []string
	for _, p := range list.Items {
		found = append(found, fmt.Sprintf("%s (%s %s)", p.Provider, p.Endpoint, p.State))
	}
	d.judge("systems", "in trouble", "Wait, or see: tenon provider list", found, false)
}

func (d *doctor) killSwitches(ctx context.Context) {
	page, ok := look(ctx, d, "kill switches", routes.KillSwitchList, api.KillSwitchList{Page: api.Page{Limit: 100}})
	if !ok {
		return
	}
	var found []string
	for _, k := range page.Items {
		if k.State != "lifted" {
			found = append(found, fmt.Sprintf("%s (%s %s%s)", k.ID, k.Scope, k.Tenant, k.Connector))
		}
	}
	d.judge("kill switches", "active", "When the cause is gone: tenon kill-switch lift", found, page.NextCursor != "")
}

func (d *doctor) webhookEndpoints(ctx context.Context) {
	list, ok := look(ctx, d, "webhook endpoints", routes.WebhookEndpointList, api.None{})
	if !ok {
		return
	}
	var found []string
	for _, w := range list.Items {
		switch {
		case !w.Enabled && w.DisabledReason != "":
			found = append(found, fmt.Sprintf("%s (disabled, %s)", w.ID, w.DisabledReason))
		case w.Enabled && w.FailingSince != nil:
			found = append(found, w.ID)
		}
	}
	d.judge("webhook endpoints", "failing", "See what it answers: tenon webhook-endpoint deliveries; then: tenon webhook-endpoint update --enabled", found, false)
}

func (d *doctor) expirations(ctx context.Context) {
	page, ok := look(ctx, d, "expirations", routes.ExpirationList, api.ExpirationList{WithinDays: soonDays, Page: api.Page{Limit: 100}})
	if !ok {
		return
	}
	var found []string
	for _, e := range page.Items {
		if e.Renewal == "person" {
			found = append(found, fmt.Sprintf("%s of %q (%s)", strings.ReplaceAll(e.Kind, "_", " "), e.Name, e.Date.UTC().Format("2006-01-02")))
		}
	}
	d.judge("expirations", fmt.Sprintf("due within %d days", soonDays), "See what to do: tenon expirations --within-days 14", found, page.NextCursor != "")
}
