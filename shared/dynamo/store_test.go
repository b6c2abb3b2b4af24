package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/connector/connectortest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

func TestConnections(t *testing.T) {
	connectiontest.Run(t, func(t *testing.T) connectiontest.Stores { return stores(dynamotest.New(t)) })
}

func stores(table dynamo.Table) connectiontest.Stores {
	return connectiontest.Stores{Store: dynamo.Connections{Table: table}, Templates: dynamo.Templates{Table: table}}
}

func TestTemplates(t *testing.T) {
	templatetest.Run(t, func(t *testing.T) template.Store { return dynamo.Templates{Table: dynamotest.New(t)} })
}

func TestTenants(t *testing.T) {
	tenanttest.Run(t, func(t *testing.T) tenanttest.Store { return dynamo.Tenants{Table: dynamotest.New(t)} })
}

func TestHandoffs(t *testing.T) {
	connecttest.Run(t, func(t *testing.T) connect.Store { return dynamo.Handoffs{Table: dynamotest.New(t)} })
}

func TestAudit(t *testing.T) {
	audittest.Run(t, func(t *testing.T) audit.Store { return dynamo.Audit{Table: dynamotest.New(t)} })
}

func TestIdempotency(t *testing.T) {
	idempotencytest.Run(t, func(t *testing.T) idempotency.Store { return dynamo.Idempotency{Table: dynamotest.New(t)} })
}

func TestSigningKeys(t *testing.T) {
	signingtest.Run(t, func(t *testing.T) signing.Store { return dynamo.SigningKeys{Table: dynamotest.New(t)} })
}

func TestHistories(t *testing.T) {
	healthtest.Run(t, func(t *testing.T) health.Histories { return dynamo.Histories{Table: dynamotest.New(t)} })
}

func TestOutages(t *testing.T) {
	connectortest.Run(t, func(t *testing.T) connector.Store { return dynamo.Connectors{Table: dynamotest.New(t)} })
	outagetest.Run(t, func(t *testing.T) outage.Store { return dynamo.Outages{Table: dynamotest.New(t)} })
}
