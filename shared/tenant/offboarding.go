package tenant

import (
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/vault"
)

// Offboarding is how far the removal of a tenant has come, and in the end the
// receipt of it.
type Offboarding struct {
	StartedAt     time.Time
	StartedBy     string
	Switch        string    // The kill switch that revokes; empty until it is done.
	Steps         []Step    // Those that are done, in order.
	Irrevocable   []string  // Connections whose credential lives on at the provider, MostIrrevocable at most.
	KeyDeletionAt time.Time // When KMS deletes the key.
	FinishedAt    time.Time
}

// Step is one step of a removal that is done.
type Step struct {
	Name   StepName
	At     time.Time
	Counts map[string]int // What it was done to, by kind.
}

// StepName names a step.
type StepName string

// The steps in their order. None begins before those in front of it are done:
// the key outlives everything that is needed to revoke what it guards. A KMS key
// that others share outlives the tenant; its data key ends instead.
const (
	StepBlocked     StepName = "blocked"      // Requests are refused; the counts are what there is.
	StepFlows       StepName = "flows"        // Removed.
	StepRevoked     StepName = "revoked"      // Credentials at the providers, and destroyed here.
	StepConnections StepName = "connections"  // The records are gone.
	StepTemplates   StepName = "templates"    // Gone with their client secrets.
	StepWebhooks    StepName = "webhooks"     // Endpoints are gone with their secrets.
	StepSettings    StepName = "settings"     // Gone, with the keys of requests.
	StepSigningKeys StepName = "signing_keys" // Retired, and ended at the key service.
	StepKeyDisabled StepName = "key_disabled"
	StepKeyDeletion StepName = "key_deletion" // Scheduled.
	StepDataKey     StepName = "data_key"     // The wrapped data key is gone from the record.
)

// StepNames returns the steps in their order, for a tenant with a KMS key of its
// own or with the shared one.
func StepNames(shared bool) []StepName {
	names := []StepName{StepBlocked, StepFlows, StepRevoked, StepConnections, StepTemplates, StepWebhooks, StepSettings, StepSigningKeys}
	if shared {
		return append(names, StepDataKey)
	}
	return append(names, StepKeyDisabled, StepKeyDeletion)
}

// backups is how long point-in-time recovery keeps what was in the table, by
// default and at most.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
const backups = 35 * 24 * time.Hour

// BackupsUntil returns until when the table can be restored with the wrapped data
// key that its step removed; zero for a tenant whose KMS key ends instead.
func (o *Offboarding) BackupsUntil() time.Time {
	ended := o.Step(StepDataKey)
	if ended == nil {
		return time.Time{}
	}
	return ended.At.Add(backups)
}

// MostIrrevocable is how many connections a receipt names.
const MostIrrevocable = 100

// Step returns a step that is done, else nil.
func (o *Offboarding) Step(name StepName) *Step {
	i := slices.IndexFunc(o.Steps, func(s Step) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &o.Steps[i]
}

// Add notes that a step is done, once: what was noted first stands.
func (o *Offboarding) Add(name StepName, at time.Time, counts map[string]int) {
	if o.Step(name) == nil {
		o.Steps = append(o.Steps, Step{name, at, counts})
	}
}

// Gone reports whether the tenant is no longer served.
func (s State) Gone() bool { return s == Leaving || s == Removed }

// DataKey returns the wrapped data key: until the removal is done, or has removed
// it, so that what it opens can be revoked. A tenant that has no key yet is ErrUnknown.
func (t Tenant) DataKey() (vault.WrappedKey, error) {
	switch {
	case t.State == Removed || t.State == Leaving && t.Offboarding != nil && t.Offboarding.Step(StepDataKey) != nil:
		return vault.WrappedKey{}, ErrRemoved
	case t.State == Provisioning || t.State == Leaving && t.Key.KeyARN == "":
		return vault.WrappedKey{}, ErrUnknown
	}
	return t.Key, nil
}
