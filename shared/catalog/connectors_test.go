package catalog_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog/lint"
)

// reviewDay is the day the catalog was last reviewed as a whole. A fact is
// stale when it was read more than maxAge before.
var reviewDay = time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)

const maxAge = 400 * 24 * time.Hour

func TestConnectorFiles(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("connectors/*")
	if err != nil || len(paths) < 9 {
		t.Fatalf("glob: %d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			connector, complaints := lint.Read(data)
			for _, complaint := range complaints {
				t.Errorf("%s: %s", path, complaint)
			}
			if got, want := filepath.Base(path), connector.ID+".json"; got != want {
				t.Errorf("file is %s, want %s", got, want)
			}
			day, err := time.Parse(time.DateOnly, connector.CheckedAt())
			if err != nil || day.After(reviewDay) || reviewDay.Sub(day) > maxAge {
				t.Errorf("%s: checkedAt is in the future or stale", path)
			}
		})
	}
}
