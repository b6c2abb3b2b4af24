package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
)

func TestConnections(t *testing.T) {
	connectiontest.Run(t, func(t *testing.T) connection.Store { return dynamo.Connections{Table: dynamotest.New(t)} })
}
