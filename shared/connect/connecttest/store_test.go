package connecttest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
)

func TestMemory(t *testing.T) {
	connecttest.Run(t, func(*testing.T) connect.Store { return connecttest.NewMemory() })
}
