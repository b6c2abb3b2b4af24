package metric

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Emitter gathers the measurements of one invocation. It is safe for concurrent
// use.
type Emitter struct {
	Namespace string
	Out       io.Writer // Gets whole lines, one to a write.
	Now       func() time.Time

	mu   sync.Mutex
	sets map[string]*set // By the dimensions as text.
}

// set is what was measured of the same dimensions.
type set struct {
	of     map[string]string
	values map[Name][]float64
	units  map[Name]string
}

// The units of CloudWatch that are used.
const (
	unitCount        = "Count"
	unitMilliseconds = "Milliseconds"
)

// mostValues is how many values of a metric one document may hold (EMF
// specification, MetricDefinition).
const mostValues = 100

// Count adds n to a name.
func (e *Emitter) Count(name Name, n int, of ...Dimension) {
	e.measure(name, unitCount, float64(n), true, of)
}

// Duration adds a value in milliseconds.
func (e *Emitter) Duration(name Name, d time.Duration, of ...Dimension) {
	e.measure(name, unitMilliseconds, float64(max(d, 0).Milliseconds()), false, of)
}

// Gauge adds a value.
func (e *Emitter) Gauge(name Name, n int, of ...Dimension) {
	e.measure(name, unitCount, float64(n), false, of)
}

// measure keeps a value. A name that is not known is dropped; so is a dimension
// whose value does not look like one, and what was measured then counts without.
func (e *Emitter) measure(name Name, unit string, value float64, sum bool, of []Dimension) {
	if !known[name] {
		return
	}
	kept := map[string]string{}
	for _, d := range of {
		if d.key != "" && plain(d.value) {
			kept[d.key] = d.value
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.set(kept)
	s.units[name] = unit
	if had := s.values[name]; sum && len(had) > 0 {
		had[0] += value
		return
	}
	s.values[name] = append(s.values[name], value)
}

func (e *Emitter) set(of map[string]string) *set {
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(of)) {
		text.WriteString(key + "=" + of[key] + " ")
	}
	if e.sets == nil {
		e.sets = map[string]*set{}
	}
	s, ok := e.sets[text.String()]
	if !ok {
		s = &set{of: of, values: map[Name][]float64{}, units: map[Name]string{}}
		e.sets[text.String()] = s
	}
	return s
}

// Flush writes what was measured since the last time, a line for each set of
// dimensions, or more where a metric has more values than a line may hold. What
// cannot be written is lost.
func (e *Emitter) Flush() {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := e.Now().UnixMilli()
	for _, text := range slices.Sorted(maps.Keys(e.sets)) {
		for s := e.sets[text]; len(s.values) > 0; {
			line, err := json.Marshal(e.document(s, at))
			if err == nil {
				_, _ = e.Out.Write(append(line, '\n'))
			}
		}
	}
	e.sets = nil
}

// definition is EMF's MetricDefinition, directive its MetricDirective.
type definition struct {
	Name Name   `json:"Name"`
	Unit string `json:"Unit"`
}

type directive struct {
	Namespace  string       `json:"Namespace"`
	Dimensions [][]string   `json:"Dimensions"`
	Metrics    []definition `json:"Metrics"`
}

// document takes what one line may hold from s. Everything is told of its
// dimensions, and summed up: of the outcome alone, and of none. CloudWatch adds
// nothing up itself that an alarm could watch.
func (e *Emitter) document(s *set, at int64) map[string]any {
	keys := slices.Sorted(maps.Keys(s.of))
	d := directive{Namespace: e.Namespace, Dimensions: [][]string{{}}}
	if s.of[KeyOutcome] != "" {
		d.Dimensions = append(d.Dimensions, []string{KeyOutcome})
	}
	if len(keys) > 1 || len(keys) == 1 && keys[0] != KeyOutcome {
		d.Dimensions = append(d.Dimensions, keys)
	}
	line := map[string]any{}
	for key, value := range s.of {
		line[key] = value
	}
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		values := s.values[name]
		n := min(len(values), mostValues)
		d.Metrics = append(d.Metrics, definition{name, s.units[name]})
		line[string(name)] = values[:n]
		if n == 1 {
			line[string(name)] = values[0]
		}
		if s.values[name] = values[n:]; n == len(values) {
			delete(s.values, name)
		}
	}
	line["_aws"] = map[string]any{"Timestamp": at, "CloudWatchMetrics": []directive{d}}
	return line
}
