package expirytest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/expiry/expirytest"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	expirytest.Run(t, func(*testing.T) expirytest.Stores {
		templates, keys := templatetest.NewMemory(), signingtest.NewMemory()
		connections := connectiontest.NewMemory()
		connections.Templates = templates
		return expirytest.Stores{
			Store:       &expirytest.Memory{Connections: connections, Templates: templates, SigningKeys: keys},
			Connections: connections, Templates: templates, SigningKeys: keys,
		}
	})
}
