package connectortest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/connector/connectortest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, func(*testing.T) connector.Store { return new(connectortest.Memory) })
}
