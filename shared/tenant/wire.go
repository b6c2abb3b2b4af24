package tenant

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// API returns what the API shows of the tenant.
func (t Tenant) API() api.Tenant {
	shown := api.Tenant{ID: t.ID, Name: t.Name, State: string(t.State), KeyARN: t.Key.KeyARN, KeyShared: t.Key.Shared, CreatedAt: t.CreatedAt}
	if t.Suspension != nil {
		shown.Suspension = &api.Suspension{Since: t.Suspension.Since, Reason: t.Suspension.Reason}
	}
	if t.Offboarding != nil {
		shown.Offboarding = t.Offboarding.api(t.Key.Shared)
	}
	return shown
}

// api returns the receipt, with the steps that are still to be done.
func (o *Offboarding) api(shared bool) *api.Offboarding {
	shown := &api.Offboarding{
		StartedAt: given(o.StartedAt), StartedBy: o.StartedBy, Irrevocable: o.Irrevocable,
		KeyDeletionAt: given(o.KeyDeletionAt), BackupsUntil: given(o.BackupsUntil()), FinishedAt: given(o.FinishedAt),
	}
	for _, name := range StepNames(shared) {
		step := api.OffboardingStep{Step: string(name)}
		if done := o.Step(name); done != nil {
			step.At, step.Counts = given(done.At), done.Counts
		}
		shown.Steps = append(shown.Steps, step)
	}
	return shown
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
