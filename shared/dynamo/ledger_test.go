package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/expiry/expirytest"
)

func TestLedger(t *testing.T) {
	expirytest.Run(t, func(t *testing.T) expirytest.Stores {
		table := dynamotest.New(t)
		return expirytest.Stores{
			Store:       dynamo.Ledger{Table: table},
			Connections: dynamo.Connections{Table: table}, Templates: dynamo.Templates{Table: table}, SigningKeys: dynamo.SigningKeys{Table: table},
		}
	})
}
