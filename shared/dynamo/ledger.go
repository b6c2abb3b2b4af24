package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
)

// Ledger is the expiry.Store. A part of a tenant's ledger is a partition of the
// index expirations.
type Ledger struct{ Table }

// expirations is the sparse index of what has a date. It holds keys alone.
const expirations = "expirations"

// ledgerItem are the index attributes of a record that stands in the ledger.
type ledgerItem struct {
	Ledger   string `dynamodbav:"ledger,omitempty"`
	LedgerAt string `dynamodbav:"ledgerAt,omitempty"`
}

func newLedgerItem(p expiry.Place) ledgerItem {
	if p.At.IsZero() {
		return ledgerItem{}
	}
	return ledgerItem{Ledger: ledgerKey(p.Tenant, p.Part), LedgerAt: ledgerAt(p)}
}

func ledgerKey(tenant string, part expiry.Part) string {
	if part == expiry.Dated {
		return tenant
	}
	return tenant + "#" + string(part)
}

func ledgerAt(p expiry.Place) string { return stamp(p.At) + "#" + p.ID }

// Places implements expiry.Store. What is not later than until sorts before the
// character that follows the one between time and id.
func (s Ledger) Places(ctx context.Context, tenant string, part expiry.Part, after expiry.Place, until time.Time, limit int) ([]expiry.Place, error) {
	from, to := stamp(after.At)+"#"+after.ID+"\x00", stamp(until)+"$"
	if to < from {
		return nil, nil
	}
	q := query{index: expirations, key: expression.Key("ledger").Equal(expression.Value(ledgerKey(tenant, part))).
		And(expression.Key("ledgerAt").Between(expression.Value(from), expression.Value(to)))}
	var places []expiry.Place
	for item, err := range s.items(ctx, q, limit) {
		if err != nil {
			return nil, err
		}
		written, _, _ := strings.Cut(text(item, "ledgerAt"), "#")
		at, err := time.Parse(time.RFC3339Nano, written)
		if err != nil {
			return nil, fmt.Errorf("read time of ledger: %w", err)
		}
		_, kind, _ := strings.Cut(text(item, "pk"), "#")
		places = append(places, expiry.Place{Tenant: tenant, Part: part, Kind: kind, ID: text(item, "sk"), At: at})
		if len(places) == limit {
			break
		}
	}
	return places, nil
}

// Uses implements expiry.Store, in one query of one item.
func (s Ledger) Uses(ctx context.Context, owner, templateID, tenant string) (bool, error) {
	pk := useKey(connection.Connection{TemplateOwner: owner, TemplateID: templateID}).PK
	q := query{key: expression.Key("pk").Equal(expression.Value(pk)).And(expression.Key("sk").BeginsWith(tenant + "/"))}
	for _, err := range s.items(ctx, q, 1) {
		return err == nil, err
	}
	return false, nil
}
