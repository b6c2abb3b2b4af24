package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
)

// Audit is the audit.Archive. Entries and seals are only ever added.
type Audit struct{ Table }

func auditKey(tenant, id string) key { return key{PK: tenant + "#audit", SK: id} }

// entryItem is an audit entry as it is stored.
type entryItem struct {
	key
	At        time.Time         `dynamodbav:"at,omitempty"`
	Actor     string            `dynamodbav:"actor,omitempty"`
	Action    audit.Action      `dynamodbav:"action,omitempty"`
	Resource  string            `dynamodbav:"resource,omitempty"`
	Outcome   string            `dynamodbav:"outcome,omitempty"`
	Reason    string            `dynamodbav:"reason,omitempty"`
	RequestID string            `dynamodbav:"requestId,omitempty"`
	SourceIP  string            `dynamodbav:"sourceIp,omitempty"`
	Facts     map[string]string `dynamodbav:"facts,omitempty"`
}

// Append implements audit.Store. An id that was used before is refused: no entry
// can be rewritten.
func (s Audit) Append(ctx context.Context, e audit.Entry) error {
	_, err := s.put(ctx, entryItem{
		key: auditKey(e.Tenant, e.ID), At: e.At, Actor: e.Actor, Action: e.Action, Resource: e.Resource, Outcome: e.Outcome,
		Reason: e.Reason, RequestID: e.RequestID, SourceIP: e.SourceIP, Facts: e.Facts,
	}, absent())
	if errors.Is(err, errRefused) {
		return fmt.Errorf("append audit entry %s: the id was used before", e.ID)
	}
	return err
}

func (item entryItem) record() audit.Entry {
	tenant, _, _ := strings.Cut(item.PK, "#")
	return audit.Entry{
		ID: item.SK, Tenant: tenant, At: item.At, Actor: item.Actor, Action: item.Action, Resource: item.Resource, Outcome: item.Outcome,
		Reason: item.Reason, RequestID: item.RequestID, SourceIP: item.SourceIP, Facts: item.Facts,
	}
}
