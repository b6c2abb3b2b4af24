package templatetests_test

import "testing"

// TestLimits fails before CloudFormation does: it allows 500 resources and
// 1 MB per template.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"data.json", "api.json", "work.json"} {
		if n := len(parse(t, name).Resources); n == 0 || n >= 400 {
			t.Errorf("%s has %d resources, want fewer than 400", name, n)
		}
		if size := len(read(t, name)); size >= 900_000 {
			t.Errorf("%s has %d bytes, want fewer than 900,000", name, size)
		}
	}
}

// TestOutputs: what the CLI and the local cloud look up is there.
func TestOutputs(t *testing.T) {
	t.Parallel()
	data, api := load(t)
	for name, want := range map[string]string{
		"TableName": "${Table}", "BusName": "${Bus}", "CursorKeyArn": "${CursorKey.Arn}",
	} {
		if got := data.text(data.Outputs[name].Value); got != want {
			t.Errorf("output %s of data: got %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"ApiUrl": "${Api.ApiEndpoint}", "Issuer": "https://issuer.example/", "Audience": "tenon",
	} {
		if got := api.text(api.Outputs[name].Value); got != want {
			t.Errorf("output %s of api: got %s, want %s", name, got, want)
		}
	}
}
