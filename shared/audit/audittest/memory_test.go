package audittest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
)

func TestMemory(t *testing.T) {
	audittest.Run(t, func(*testing.T) audit.Store { return audittest.NewMemory() })
	audittest.RunChain(t, func(*testing.T) audit.Archive { return audittest.NewMemory() })
}
