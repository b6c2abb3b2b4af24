package deliverytest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/delivery/deliverytest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	deliverytest.Run(t, func(*testing.T) delivery.Store { return new(deliverytest.Memory) })
}
