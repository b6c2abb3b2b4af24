package connectiontest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
)

func TestMemory(t *testing.T) {
	connectiontest.Run(t, func(*testing.T) connection.Store { return connectiontest.NewMemory() })
}
