package routes_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

// The table names types of event and cannot import the catalogue.
func TestQueueNotifyGetsTheWholeCatalogue(t *testing.T) {
	t.Parallel()
	var all []string
	for _, kind := range notify.Types() {
		all = append(all, kind.Name)
	}
	if diff := cmp.Diff(all, routes.QueueNotify.Queue.Events); diff != "" {
		t.Errorf("types (-catalogue +table):\n%s", diff)
	}
}
