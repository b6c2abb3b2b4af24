package outagetest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	outagetest.Run(t, func(*testing.T) outage.Store { return new(outagetest.Memory) })
}
