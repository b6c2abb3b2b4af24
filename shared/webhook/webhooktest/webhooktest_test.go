package webhooktest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/webhook"
	"github.com/tenonhq/tenon/shared/webhook/webhooktest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	webhooktest.Run(t, func(*testing.T) webhook.Store { return new(webhooktest.Memory) })
}
