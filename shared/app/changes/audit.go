package changes

import (
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/dynamo"
)

// AuditSealer returns what seals the audit.
func (c Changes) AuditSealer() *audit.Sealer {
	return &audit.Sealer{Store: dynamo.Audit{Table: c.Table}, Events: c.Events, Now: time.Now}
}
