package metric_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/metric"
)

var now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newEmitter() (*metric.Emitter, *bytes.Buffer) {
	out := new(bytes.Buffer)
	return &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: func() time.Time { return now }}, out
}

// lines decodes what was written.
func lines(t *testing.T, out *bytes.Buffer) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(out.String()) {
		var decoded map[string]any
		if err := json.Unmarshal([]byte(line), &decoded); err != nil || !strings.HasSuffix(line, "\n") {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, decoded)
	}
	return all
}

// The line is a document of the embedded metric format: its metadata, and every
// dimension and value at the top.
func TestLineIsAnEMFDocument(t *testing.T) {
	t.Parallel()
	e, out := newEmitter()
	ctx := metric.With(t.Context(), e)
	metric.Count(ctx, metric.Refreshes, 1, metric.Connector("stripe"), metric.Outcome("ok"))
	metric.Count(ctx, metric.Refreshes, 2, metric.Outcome("ok"), metric.Connector("stripe"))
	metric.Duration(ctx, metric.RefreshDuration, 250*time.Millisecond, metric.Connector("stripe"), metric.Outcome("ok"))
	metric.Duration(ctx, metric.RefreshDuration, -time.Second, metric.Connector("stripe"), metric.Outcome("ok"))
	e.Flush()
	want := `{"Refreshes":3,"RefreshDuration":[250,0],"connector":"stripe","outcome":"ok","_aws":{"Timestamp":1795165200000,` +
		`"CloudWatchMetrics":[{"Namespace":"Tenon/test","Dimensions":[[],["outcome"],["connector","outcome"]],` +
		`"Metrics":[{"Name":"RefreshDuration","Unit":"Milliseconds"},{"Name":"Refreshes","Unit":"Count"}]}]}}`
	var decoded map[string]any
	if err := json.Unmarshal([]byte(want), &decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]map[string]any{decoded}, lines(t, out)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	out.Reset()
	if e.Flush(); out.Len() > 0 {
		t.Errorf("told again: %s", out)
	}
}

// Where an invocation has no emitter nothing is measured.
func TestNothingIsMeasuredWithoutAnEmitter(t *testing.T) {
	t.Parallel()
	metric.Count(t.Context(), metric.Mails, 1)
	metric.Duration(t.Context(), metric.MessageLag, time.Second)
	metric.Gauge(t.Context(), metric.QueueDepth, 1)
}

// What has more values than a document may hold is told in more documents, and
// each set of dimensions in its own.
func TestValuesAreSplit(t *testing.T) {
	t.Parallel()
	e, out := newEmitter()
	var group sync.WaitGroup
	for n := range 250 {
		group.Go(func() {
			e.Duration(metric.MessageLag, time.Duration(n)*time.Millisecond, metric.Function("queue-refresh"))
		})
	}
	group.Wait()
	e.Count(metric.Untold, 1)
	e.Flush()
	values, documents := 0, lines(t, out)
	for _, d := range documents {
		if lags, ok := d["MessageLag"].([]any); ok {
			values += len(lags)
			if len(lags) > 100 {
				t.Errorf("%d values in one document", len(lags))
			}
		}
	}
	if values != 250 || len(documents) != 4 {
		t.Errorf("%d values in %d documents, want 250 in 4", values, len(documents))
	}
}

// A value that came from outside is dropped, and so is a name that is not
// declared here: no tenant, connection or caller becomes a metric.
func TestOddValuesAreDropped(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{
		"", "Acme", "a b", "con/1", "a@example.com", "é", "a=b", "a\nb", "a\"b", "1st", strings.Repeat("a", 65), "con_01JD0000000000000000000000",
	} {
		e, out := newEmitter()
		e.Count(metric.Refreshes, 1, metric.Connector(odd), metric.Outcome("ok"))
		e.Count(metric.Name("acme"), 1)
		e.Flush()
		for _, d := range lines(t, out) {
			delete(d, "_aws")
			if diff := cmp.Diff(map[string]any{"Refreshes": 1.0, "outcome": "ok"}, d); diff != "" {
				t.Errorf("%q (-want +got):\n%s", odd, diff)
			}
		}
	}
	e, out := newEmitter()
	e.Count(metric.Refreshes, 1, metric.Connector(strings.Repeat("a", 64)), metric.Dimension{})
	if e.Flush(); lines(t, out)[0]["connector"] == nil {
		t.Error("a long name was dropped")
	}
}

// The dimensions are these four, and every declared name is known.
func TestNamesAndDimensionsAreClosed(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "metric.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var makers []string
	e, out := newEmitter()
	names := 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if r := n.Type.Results; r != nil && len(r.List) == 1 && fmt.Sprint(r.List[0].Type) == "Dimension" {
				makers = append(makers, n.Name.Name)
			}
		case *ast.ValueSpec:
			if fmt.Sprint(n.Type) == "Name" {
				names++
				e.Count(metric.Name(strings.Trim(n.Values[0].(*ast.BasicLit).Value, `"`)), 1)
			}
		}
		return true
	})
	if want := []string{"Connector", "Function", "Index", "Outcome"}; !slices.Equal(slices.Sorted(slices.Values(makers)), want) {
		t.Errorf("dimensions %v, want %v", makers, want)
	}
	e.Flush()
	if told := lines(t, out); names < 10 || len(told) != 1 || len(told[0]) != names+1 {
		t.Errorf("told %v of %d names", told, names)
	}
}
