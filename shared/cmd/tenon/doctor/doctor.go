// Package doctor checks a stage from where the command line runs: that it answers,
// that one can sign in and is signed in, that its API is the one of this program,
// and what of the tenant needs a person. It depends on packages api, client, openapi
// and routes, and on package login beside it. It changes nothing.
package doctor

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
)

// The states of a finding.
const (
	Passed    = "ok"
	Attention = "attention"
	Skipped   = "skipped" // It could not be looked at, or not by this caller.
)

// Finding is what came of one check.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state"`
	Detail string `json:"detail"`           // One sentence.
	Remedy string `json:"remedy,omitempty"` // What to do, where something needs attention.
}

// clockSkew is how far two clocks may be apart before tokens are refused.
const clockSkew = 30 * time.Second

// doctor is one examination.
type doctor struct {
	stage login.Stage
	calls *client.Client
	now   func() time.Time
	tell  func(Finding)

	attention int
}

// Examine checks the stage, tells each finding as it is made, and returns how many
// need attention. A tenant is the one to act for; empty is the caller's own. What
// depends on a check that failed is skipped.
func Examine(ctx context.Context, stage login.Stage, tenant string, now func() time.Time, tell func(Finding)) int {
	d := &doctor{stage: stage, calls: stage.Client(tenant), now: now, tell: tell}
	if !d.answers(ctx) {
		return d.attention
	}
	d.issuer(ctx)
	d.version(ctx)
	if d.signedIn(ctx) {
		for _, check := range []func(context.Context){d.connections, d.providers, d.killSwitches, d.webhookEndpoints, d.expirations} {
			check(ctx)
		}
	}
	return d.attention
}

func (d *doctor) passed(check, format string, args ...any) {
	d.tell(Finding{Check: check, State: Passed, Detail: fmt.Sprintf(format, args...)})
}

func (d *doctor) wrong(check, remedy, format string, args ...any) {
	d.attention++
	d.tell(Finding{Check: check, State: Attention, Detail: fmt.Sprintf(format, args...), Remedy: remedy})
}

// answers asks whether the stage is there, and what time it has.
func (d *doctor) answers(ctx context.Context) bool {
	const remedy = "Check the address, the network and the service's status; against the local environment: make dev."
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.stage.URL+"/healthz", nil)
	if err != nil {
		d.wrong("stage", remedy, "%s is no address.", d.stage.URL)
		return false
	}
	res, err := d.stage.HTTP.Do(r)
	if err != nil {
		d.wrong("stage", remedy, "%s does not answer.", d.stage.URL)
		return false
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		d.wrong("stage", remedy, "%s answers %s.", d.stage.URL, res.Status)
		return false
	}
	d.passed("stage", "%s answers.", d.stage.URL)
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		if skew := d.now().Sub(at).Round(time.Second); skew.Abs() > clockSkew {
			d.wrong("clock", "Set the clock of this machine.", "The clocks of this machine and the stage are %s apart; tokens may be refused.", skew.Abs())
		} else {
			d.passed("clock", "The clocks of this machine and the stage agree.")
		}
	}
	return true
}
