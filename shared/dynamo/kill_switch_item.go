package dynamo

import (
	"time"

	"github.com/tenonhq/tenon/shared/killswitch"
)

// killSwitchItem is a kill switch as it is stored. While its walk is not over it
// stands in the index of the reconciler.
type killSwitchItem struct {
	key
	Version    int64            `dynamodbav:"v"`
	Scope      killswitch.Scope `dynamodbav:"scope"`
	Tenant     string           `dynamodbav:"tenant,omitempty"`
	Connector  string           `dynamodbav:"cutConnector,omitempty"` // The index has the attribute connector, by which calls are paced.
	Reason     string           `dynamodbav:"reason,omitempty"`
	StartedAt  time.Time        `dynamodbav:"startedAt,omitempty"`
	StartedBy  string           `dynamodbav:"startedBy,omitempty"`
	Home       string           `dynamodbav:"home,omitempty"`
	FinishedAt time.Time        `dynamodbav:"finishedAt,omitempty"`
	LiftedAt   time.Time        `dynamodbav:"liftedAt,omitempty"`
	LiftedBy   string           `dynamodbav:"liftedBy,omitempty"`
	Phase      killswitch.Phase `dynamodbav:"phase,omitempty"`

	Pass       int        `dynamodbav:"pass,omitempty"`
	After      string     `dynamodbav:"after,omitempty"`
	At         string     `dynamodbav:"at,omitempty"`
	Connection string     `dynamodbav:"connection,omitempty"`
	Counts     countsItem `dynamodbav:"counts"`
	Whole      countsItem `dynamodbav:"whole"`
	Changed    int        `dynamodbav:"changed,omitempty"`
	Unended    int        `dynamodbav:"unended,omitempty"`
	Owner      string     `dynamodbav:"owner,omitempty"`
	Until      time.Time  `dynamodbav:"until,omitempty"`

	ReconcileShard string    `dynamodbav:"reconcileShard,omitempty"`
	ReconcileDue   time.Time `dynamodbav:"reconcileDue,omitempty"`
}

type countsItem struct {
	Total       int `dynamodbav:"total,omitempty"`
	Disabled    int `dynamodbav:"disabled,omitempty"`
	Revoked     int `dynamodbav:"revoked,omitempty"`
	Irrevocable int `dynamodbav:"irrevocable,omitempty"`
	Pending     int `dynamodbav:"pending,omitempty"`
	Failed      int `dynamodbav:"failed,omitempty"`
}

func newKillSwitchItem(r killswitch.Record) killSwitchItem {
	w := r.Walk
	item := killSwitchItem{
		key: killSwitchKey(r.ID), Version: r.Version, Scope: r.Scope, Tenant: r.Tenant, Connector: r.Connector, Reason: r.Reason,
		StartedAt: r.StartedAt, StartedBy: r.StartedBy, Home: r.Home, FinishedAt: r.FinishedAt, LiftedAt: r.LiftedAt, LiftedBy: r.LiftedBy, Phase: r.Phase,
		Pass: w.Pass, After: w.Cursor.After, At: w.Cursor.Tenant, Connection: w.Cursor.Connection, Counts: countsItem(w.Counts), Whole: countsItem(w.Whole),
		Changed: w.Changed, Unended: w.Unended, Owner: w.Owner, Until: w.Until, ReconcileDue: r.Due,
	}
	if !r.Due.IsZero() {
		item.ReconcileShard = shard(r.ID)
	}
	return item
}

func (item killSwitchItem) record() killswitch.Record {
	return killswitch.Record{
		ID: item.SK, Target: killswitch.Target{Scope: item.Scope, Tenant: item.Tenant, Connector: item.Connector}, Reason: item.Reason,
		StartedAt: item.StartedAt, StartedBy: item.StartedBy, Home: item.Home, FinishedAt: item.FinishedAt,
		LiftedAt: item.LiftedAt, LiftedBy: item.LiftedBy, Phase: item.Phase, Due: item.ReconcileDue, Version: item.Version,
		Walk: killswitch.Walk{
			Pass: item.Pass, Cursor: killswitch.Cursor{After: item.After, Tenant: item.At, Connection: item.Connection},
			Counts: killswitch.Counts(item.Counts), Whole: killswitch.Counts(item.Whole), Changed: item.Changed, Unended: item.Unended,
			Owner: item.Owner, Until: item.Until,
		},
	}
}
