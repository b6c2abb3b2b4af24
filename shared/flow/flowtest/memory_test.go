package flowtest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/flow/flowtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	flowtest.Run(t, func(*testing.T) flowtest.Stores {
		connections := connectiontest.NewMemory()
		return flowtest.Stores{Store: flowtest.NewMemory(connections), Connections: connections}
	})
}
