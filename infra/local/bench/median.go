package bench

import (
	"cmp"
	"slices"
)

// median returns the middle of some values, or the mean of the two in the middle;
// 0 of none.
func median(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// pairedRatio returns the median of own/reference, taken pair by pair: what slows
// the machine for a while slows both of a pair.
func pairedRatio(own, reference []float64) float64 {
	var ratios []float64
	for i := range min(len(own), len(reference)) {
		if reference[i] > 0 {
			ratios = append(ratios, own[i]/reference[i])
		}
	}
	return median(ratios)
}

// greatest returns the element whose value is greatest; the zero of T of none.
func greatest[T any, V cmp.Ordered](all []T, value func(T) V) T {
	var worst T
	for i, one := range all {
		if i == 0 || value(one) > value(worst) {
			worst = one
		}
	}
	return worst
}
