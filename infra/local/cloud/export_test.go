package cloud

import (
	"maps"
	"slices"
)

// Targets returns the X-Amz-Target of every operation, sorted.
func (c *Cloud) Targets() []string {
	return slices.Sorted(maps.Keys(c.operations))
}
