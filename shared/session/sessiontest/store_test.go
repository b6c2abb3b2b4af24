package sessiontest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/session/sessiontest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(*testing.T) session.Store { return sessiontest.NewMemory() })
}
