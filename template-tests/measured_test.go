package templatetests_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every metric is measured somewhere: an alarm on one that is not would be silent.
func TestEveryMetricIsMeasured(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	err := filepath.WalkDir("../shared", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(filepath.Dir(path)) == "metric" {
			return err
		}
		text, err := os.ReadFile(path)
		source.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range measures(t) {
		if !strings.Contains(source.String(), "metric."+name+",") {
			t.Errorf("nobody measures %s", name)
		}
	}
}
