package bench_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/bench"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := bench.Median(test.values); got != test.want {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
		}
	}
}

// A pair that was slowed as a whole counts as any other; one without a reference
// does not count.
func TestPairedRatio(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		own, reference []float64
		want           float64
	}{
		{[]float64{4, 40, 6}, []float64{2, 20, 2}, 2},
		{[]float64{4, 6, 5}, []float64{2, 2, 0}, 2.5},
		{[]float64{4, 6}, []float64{2}, 2},
		{nil, nil, 0},
	} {
		if got := bench.PairedRatio(test.own, test.reference); got != test.want {
			t.Errorf("%v to %v: got %v, want %v", test.own, test.reference, got, test.want)
		}
	}
}

func TestPackageInits(t *testing.T) {
	t.Parallel()
	got := bench.PackageInits("{\"level\":\"INFO\"}\ninit net/http @1.2 ms, 0.031 ms clock, 5152 bytes, 113 allocs\ninit errors @0.5 ms, 0 ms clock, 0 bytes, 0 allocs\ninit: no\n")
	if diff := cmp.Diff(map[string]float64{"net/http": 0.031, "errors": 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
