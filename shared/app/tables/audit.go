package tables

import (
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/dynamo"
)

// Verifier returns what verifies the audit on request.
func (t *Tables) Verifier() *audit.Verifier {
	return &audit.Verifier{Store: dynamo.Audit{Table: t.Table}, Audit: t.Audit}
}
