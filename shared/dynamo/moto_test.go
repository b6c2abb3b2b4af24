package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/flow/flowtest"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

// TestMoto asks moto, an independent implementation, for a second opinion. Its
// writes are not isolated and its transactions restore every table when they
// fail, so nothing runs at a time.
func TestMoto(t *testing.T) {
	cfg := awstest.Moto(t)
	table := func(t *testing.T) dynamo.Table { return dynamotest.On(t, cfg) }
	t.Run("connections", func(t *testing.T) {
		connectiontest.RunSequential(t, func(t *testing.T) connectiontest.Stores { return stores(table(t)) })
	})
	t.Run("templates", func(t *testing.T) {
		templatetest.RunSequential(t, func(t *testing.T) template.Store { return dynamo.Templates{Table: table(t)} })
	})
	t.Run("tenants", func(t *testing.T) {
		tenanttest.RunSequential(t, func(t *testing.T) tenanttest.Store { return dynamo.Tenants{Table: table(t)} })
	})
	t.Run("flows", func(t *testing.T) {
		flowtest.RunSequential(t, func(t *testing.T) flowtest.Stores { return flowStores(t, table(t)) })
	})
	t.Run("signing keys", func(t *testing.T) {
		signingtest.RunSequential(t, func(t *testing.T) signing.Store { return dynamo.SigningKeys{Table: table(t)} })
	})
	t.Run("handoffs", func(t *testing.T) {
		connecttest.RunSequential(t, func(t *testing.T) connect.Store { return dynamo.Handoffs{Table: table(t)} })
	})
	t.Run("audit", func(t *testing.T) {
		audittest.Run(t, func(t *testing.T) audit.Store { return dynamo.Audit{Table: table(t)} })
		audittest.RunChain(t, func(t *testing.T) audit.Archive { return dynamo.Audit{Table: table(t)} })
	})
	t.Run("idempotency", func(t *testing.T) {
		idempotencytest.RunSequential(t, func(t *testing.T) idempotency.Store { return dynamo.Idempotency{Table: table(t)} })
	})
}
