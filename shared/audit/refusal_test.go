package audit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/fault"
)

// unenrolled is a store that cannot promise a seal.
type unenrolled struct{ audit.Store }

func (unenrolled) Enrol(context.Context, string, time.Time) error { return errBroken }

// What cannot be recorded, or would never be sealed, is not done; whatever the
// action.
func TestAUD01WhatCannotBeRecordedIsRefused(t *testing.T) {
	t.Parallel()
	for action, need := range needs {
		store := audittest.NewMemory()
		for name, down := range map[string]audit.Store{"append": broken{store}, "enrol": unenrolled{store}} {
			err := (&audit.Log{Store: down}).Check(t.Context(), caller(need.scope), action, "con_1")
			if !need.recorded {
				if err != nil {
					t.Errorf("%s without a record: %v", action, err)
				}
				continue
			}
			if f := fault.From(err); f.Kind != fault.Unavailable || f.Code != fault.CodeRetryLater || strings.Contains(f.Detail, errBroken.Error()) {
				t.Errorf("%s when %s fails: %v", action, name, err)
			}
		}
		if got := entries(t, store, "acme"); len(got) > 0 {
			t.Errorf("%s: an entry that no seal would cover was written: %+v", action, got)
		}
	}
}

// counting counts the enrolments that reach the store.
type counting struct {
	audit.Store
	enrolments int
}

func (c *counting) Enrol(ctx context.Context, tenant string, at time.Time) error {
	c.enrolments++
	return c.Store.Enrol(ctx, tenant, at)
}

// Appending stays one write: the store is asked to enrol once per tenant and
// period, and again when asking failed.
func TestEnrolmentIsAskedOncePerPeriod(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	store := &counting{Store: audittest.NewMemory()}
	log := &audit.Log{Store: store, Now: func() time.Time { return now }}
	check := func(tenant string, want int) {
		t.Helper()
		by := caller("settings:write")
		by.Tenant = tenant
		if err := log.Check(t.Context(), by, audit.SettingsPut, ""); err != nil {
			t.Fatal(err)
		}
		if store.enrolments != want {
			t.Errorf("at %s: the store was asked %d times, want %d", now.Format(time.TimeOnly), store.enrolments, want)
		}
	}
	check("acme", 1)
	check("acme", 1)
	check("globex", 2)
	now = now.Add(5 * time.Minute)
	check("acme", 2)
	now = now.Add(1)
	check("acme", 3)
}
