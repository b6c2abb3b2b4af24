package healthtest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	healthtest.Run(t, func(*testing.T) health.Histories { return new(healthtest.Memory) })
}
