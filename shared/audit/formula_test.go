package audit_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
)

// Where a spreadsheet separates cells by semicolons, or tabs, quotes within a line
// do not keep a cell together: what begins behind a separator is text too.
func TestNoPartOfACellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"=1", "x;=1+1", "x\t@SUM(1)", "x\r\n+1", "x\n-1", "x;\n=1", "x;＝1"} {
		text, err := audit.FormatOf("csv").Entry(audit.Entry{ID: "aud_1", At: time.Unix(0, 0), Reason: reason})
		if err != nil {
			t.Fatal(err)
		}
		for _, separator := range ";\t\n" {
			for _, cell := range strings.FieldsFunc(string(text), func(r rune) bool { return r == separator || r == '\r' }) {
				if strings.ContainsAny(cell[:1], "=+-@") || strings.HasPrefix(cell, "＝") {
					t.Errorf("%q: cell %q", reason, cell)
				}
			}
		}
		if cells, err := csv.NewReader(strings.NewReader(string(text))).Read(); err != nil || len(cells) != 10 {
			t.Errorf("%q: got %q, %v", reason, cells, err)
		}
	}
	text, err := audit.FormatOf("csv").Entry(audit.Entry{ID: "aud_1", Reason: "a;b - c=d"})
	if err != nil || !strings.Contains(string(text), "a;b - c=d") {
		t.Errorf("got %s, %v", text, err)
	}
}
