package dynamo

import (
	"time"

	"github.com/tenonhq/tenon/shared/tenant"
)

// suspensionItem is a suspension as it is stored.
type suspensionItem struct {
	Since  time.Time `dynamodbav:"since"`
	Reason string    `dynamodbav:"reason"`
	Told   bool      `dynamodbav:"told,omitempty"`
}

func newSuspensionItem(s *tenant.Suspension) *suspensionItem {
	if s == nil {
		return nil
	}
	return &suspensionItem{Since: s.Since, Reason: s.Reason, Told: s.Told}
}

func (item *suspensionItem) record() *tenant.Suspension {
	if item == nil {
		return nil
	}
	return &tenant.Suspension{Since: item.Since, Reason: item.Reason, Told: item.Told}
}

// offboardingItem is the record of a removal as it is stored.
type offboardingItem struct {
	StartedAt     time.Time  `dynamodbav:"startedAt"`
	StartedBy     string     `dynamodbav:"startedBy"`
	Switch        string     `dynamodbav:"switch,omitempty"`
	Steps         []stepItem `dynamodbav:"steps,omitempty"`
	Irrevocable   []string   `dynamodbav:"irrevocable,omitempty"`
	KeyDeletionAt time.Time  `dynamodbav:"keyDeletionAt,omitempty"`
	FinishedAt    time.Time  `dynamodbav:"finishedAt,omitempty"`
}

type stepItem struct {
	Name   tenant.StepName `dynamodbav:"name"`
	At     time.Time       `dynamodbav:"at"`
	Counts map[string]int  `dynamodbav:"counts,omitempty"`
}

func newOffboardingItem(o *tenant.Offboarding) *offboardingItem {
	if o == nil {
		return nil
	}
	item := &offboardingItem{
		StartedAt: o.StartedAt, StartedBy: o.StartedBy, Switch: o.Switch, Irrevocable: o.Irrevocable, KeyDeletionAt: o.KeyDeletionAt, FinishedAt: o.FinishedAt,
	}
	for _, s := range o.Steps {
		item.Steps = append(item.Steps, stepItem(s))
	}
	return item
}

func (item *offboardingItem) record() *tenant.Offboarding {
	if item == nil {
		return nil
	}
	o := &tenant.Offboarding{
		StartedAt: item.StartedAt, StartedBy: item.StartedBy, Switch: item.Switch, Irrevocable: item.Irrevocable,
		KeyDeletionAt: item.KeyDeletionAt, FinishedAt: item.FinishedAt,
	}
	for _, s := range item.Steps {
		o.Steps = append(o.Steps, tenant.Step(s))
	}
	return o
}
