// Package lists composes what pages through records: the table and the key
// that authenticates cursors. It depends on packages kms, page and app/tables.
package lists

import (
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/page"
)

// Lists is the tables with cursors.
type Lists struct {
	*tables.Tables
	Cursors page.Cursors
}

// New opens the stage's table and cursor key.
func New(e *app.Env) Lists {
	mac := kms.MAC{Client: awskms.NewFromConfig(e.AWS), KeyID: e.Config.CursorKey}
	return Lists{tables.New(e), page.Cursors{MAC: mac}}
}
