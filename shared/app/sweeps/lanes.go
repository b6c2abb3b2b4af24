package sweeps

import (
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

// Lane pairs an index with the consumer of its queue, and says how many messages
// may wait there.
type Lane struct {
	Index    due.Index
	Consumer *routes.Route
	Capacity int
}

// Lanes returns the lanes that New sweeps.
func Lanes() []Lane {
	var all []Lane
	for _, l := range lanes {
		all = append(all, Lane{l.index, l.consumer, l.capacity})
	}
	return all
}
