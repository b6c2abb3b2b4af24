package templatetests_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/routes"
)

// measures are the names of package metric.
func measures(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../shared/metric/metric.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if of, ok := v.Type.(*ast.Ident); ok && of.Name == "Name" {
				names[strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)] = true
			}
		}
		return true
	})
	return names
}

// What an alarm watches of our own is measured by somebody, under dimensions
// that it is measured of; nothing is read out of the text of logs.
func TestMeasuredAlarms(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	names := measures(t)
	outcomes := []string{"done", "failed", "given_up", "unavailable", "uncertain"}
	watched := 0
	check := func(id string, m any) {
		if api.text(at(m, "Namespace")) != "Tenon/dev" {
			return
		}
		watched++
		if name := api.text(at(m, "MetricName")); !names[name] {
			t.Errorf("%s watches %s, which nothing measures", id, name)
		}
		dimensions, _ := at(m, "Dimensions").([]any)
		for _, d := range dimensions {
			key, value := api.text(at(d, "Name")), api.text(at(d, "Value"))
			if !(key == metric.KeyOutcome && slices.Contains(outcomes, value)) && !(key == metric.KeyFunction && (value == routes.QueueRefresh.Name || value == routes.JobDueSweep.Name)) {
				t.Errorf("%s watches the %s %s", id, key, value)
			}
		}
	}
	for id, r := range api.ofType("AWS::CloudWatch::Alarm") {
		check(id, r.Properties)
		queries, _ := r.Properties["Metrics"].([]any)
		returned := 0
		for _, q := range queries {
			if api.text(at(q, "ReturnData")) == "true" {
				returned++
				continue
			}
			check(id, at(at(q, "MetricStat"), "Metric"))
		}
		if len(queries) > 0 && (returned != 1 || r.Properties["Namespace"] != nil || r.Properties["Statistic"] != nil) {
			t.Errorf("%s returns %d results of its expression", id, returned)
		}
	}
	if watched < 12 {
		t.Errorf("only %d of our metrics are watched", watched)
	}
	if filters := api.ofType("AWS::Logs::MetricFilter"); len(filters) > 0 {
		t.Errorf("%d filters read logs", len(filters))
	}
}

// Every name that is measured has its chart, in a grid without overlaps.
func TestDashboard(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	dashboards := api.ofType("AWS::CloudWatch::Dashboard")
	if len(dashboards) != 1 {
		t.Fatalf("%d dashboards", len(dashboards))
	}
	var body struct {
		Widgets []struct {
			X, Y, Width, Height int
			Properties          struct{ Metrics [][]any }
		}
	}
	if err := json.Unmarshal([]byte(api.text(dashboards["Dashboard"].Properties["DashboardBody"])), &body); err != nil {
		t.Fatal(err)
	}
	text := api.text(dashboards["Dashboard"].Properties["DashboardBody"])
	for name := range measures(t) {
		if !strings.Contains(text, `"`+name+`"`) && !strings.Contains(text, `MetricName=\"`+name+`\"`) {
			t.Errorf("%s has no chart", name)
		}
	}
	places := map[[2]int]bool{}
	for _, w := range body.Widgets {
		if places[[2]int{w.X, w.Y}] || w.X+w.Width > 24 || len(w.Properties.Metrics) != 1 {
			t.Errorf("a chart at %d, %d is in the way of another, or empty", w.X, w.Y)
		}
		places[[2]int{w.X, w.Y}] = true
	}
}
