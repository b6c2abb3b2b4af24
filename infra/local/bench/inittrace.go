package bench

import (
	"fmt"
	"strings"
)

// packageInits returns the milliseconds that each package took to be initialized,
// of a log with lines such as
//
//	init net/http @1.2 ms, 0.031 ms clock, 5152 bytes, 113 allocs
//
// which the Go runtime writes on GODEBUG=inittrace=1 (package runtime).
func packageInits(log string) map[string]float64 {
	found := map[string]float64{}
	for line := range strings.Lines(log) {
		var name string
		var at, took float64
		if n, _ := fmt.Sscanf(line, "init %s @%f ms, %f ms clock,", &name, &at, &took); n == 3 {
			found[name] += took
		}
	}
	return found
}

// dearest returns the package whose initialization takes longest, by its median,
// and its milliseconds.
func (one *starter) dearest() (name string, millis float64) {
	for candidate, all := range one.packageMillis {
		if m := median(all); m > millis || m == millis && candidate < name {
			name, millis = candidate, m
		}
	}
	return name, millis
}
