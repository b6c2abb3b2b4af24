package killswitchtest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	killswitchtest.Run(t, func(*testing.T) killswitch.Store { return new(killswitchtest.Memory) })
}
