package openapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/openapi"
	"github.com/tenonhq/tenon/shared/openapi/document"
	"github.com/tenonhq/tenon/shared/routes"
)

var update = flag.Bool("update", false, "write openapi.json")

// The document that is served is that of the route table.
func TestJSONIsTheDocumentOfTheTable(t *testing.T) {
	t.Parallel()
	compact, err := json.Marshal(document.New(routes.All()))
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Indent(&want, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	want.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(openapi.JSON)); diff != "" {
		t.Errorf("openapi.json is not that of the table; run go test ./shared/openapi -update (-want +got):\n%s", diff)
	}
}
