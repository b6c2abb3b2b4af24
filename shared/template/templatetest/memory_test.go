package templatetest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

func TestMemory(t *testing.T) {
	templatetest.Run(t, func(*testing.T) template.Store { return templatetest.NewMemory() })
}
