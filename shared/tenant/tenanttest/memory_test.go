package tenanttest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

func TestMemory(t *testing.T) {
	tenanttest.Run(t, func(*testing.T) tenanttest.Store { return tenanttest.NewMemory() })
}
