package templatetests_test

import "testing"

// TestLimits fails before CloudFormation does: it allows 500 resources, 200 outputs
// and 1 MB per template. What is full is divided, see ADR 0034.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		tp := parse(t, file)
		if n := len(tp.Resources); n == 0 || n >= 450 {
			t.Errorf("%s has %d resources, want fewer than 450", file, n)
		}
		if n := len(tp.Outputs); n >= 150 {
			t.Errorf("%s has %d outputs, want fewer than 150", file, n)
		}
		if size := len(read(t, file)); size >= 1_000_000 {
			t.Errorf("%s has %d bytes, want fewer than 1,000,000", file, size)
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
