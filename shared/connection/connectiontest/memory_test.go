package connectiontest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

func TestMemory(t *testing.T) {
	connectiontest.Run(t, func(*testing.T) connectiontest.Stores {
		connections, templates := connectiontest.NewMemory(), templatetest.NewMemory()
		connections.Templates = templates
		return connectiontest.Stores{Store: connections, Templates: templates}
	})
}
