package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/flow/flowtest"
	"github.com/tenonhq/tenon/shared/template"
)

func TestFlows(t *testing.T) {
	flowtest.Run(t, func(t *testing.T) flowtest.Stores { return flowStores(t, dynamotest.New(t)) })
}

func flowStores(t *testing.T, table dynamo.Table) flowtest.Stores {
	t.Helper()
	used := template.Template{Owner: "org", ID: "tpl_1", StableKey: "shopify"}
	if err := (dynamo.Templates{Table: table}).Create(t.Context(), used); err != nil {
		t.Fatal(err)
	}
	return flowtest.Stores{Store: dynamo.Flows{Table: table}, Connections: dynamo.Connections{Table: table}}
}
