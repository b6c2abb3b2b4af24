package consoletest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/console/consoletest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	consoletest.Run(t, new(consoletest.Memory))
}
