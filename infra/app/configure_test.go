package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const settings = `{
	"dev": {"issuer": "https://login.example.com", "audience": "tenon", "tenantClaim": "tenant", "removalPolicy": "retain", "logDays": 30, "rate": 1, "burst": 1},
	"prod": {"regions": ["eu-central-1", "us-east-1"], "issuer": "https://login.example.com", "audience": "tenon", "tenantClaim": "tenant", "removalPolicy": "retain", "logDays": 30, "rate": 1, "burst": 1},
	"wrong": {"regions": ["eu-central-1", "us-east-1", "eu-central-1", "Mars"], "audience": "tenon", "tenantClaim": "tenant", "removalPolicy": "retain", "logDays": 30, "rate": 1, "burst": 0}
}`

func context(t *testing.T, change func(string) string) any {
	t.Helper()
	var parsed any
	if err := json.Unmarshal([]byte(change(settings)), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

func asIs(s string) string { return s }

func TestConfigureChoosesStagesAndRegions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		stage, region string
		want          []string
	}{
		"of a stage":               {"prod", "", []string{"Tenon-prod-eu-central-1", "Tenon-prod-us-east-1"}},
		"of a stage in a region":   {"prod", "us-east-1", []string{"Tenon-prod-us-east-1"}},
		"in a region of its own":   {"prod", "ap-south-1", []string{"Tenon-prod-ap-south-1"}},
		"wherever it is deployed":  {"dev", "", []string{"Tenon-dev"}},
		"of one without, in a one": {"dev", "us-east-1", []string{"Tenon-dev-us-east-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deployments, err := configure(context(t, asIs), tc.stage, tc.region)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range deployments {
				got = append(got, id(p))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("deployments (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConfigureSaysAllThatIsWrong: once each, whatever stage and region it is in.
func TestConfigureSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := configure(context(t, func(s string) string { return strings.Replace(s, `"audience": "tenon"`, `"audience": ""`, 1) }), "", "")
	if err == nil {
		t.Fatal("it is accepted")
	}
	for _, problem := range []string{
		"stage dev in cdk.json", "audience is not set", "stage wrong in cdk.json", `issuer ""`, "rate 1 and burst 0", "eu-central-1 stands there twice", `region "Mars"`,
	} {
		if n := strings.Count(err.Error(), problem); n != 1 {
			t.Errorf("%q is said %d times in:\n%v", problem, n, err)
		}
	}
	if strings.Contains(err.Error(), "prod") {
		t.Errorf("what is right is blamed:\n%v", err)
	}
}

func TestConfigureRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		context any
		stage   string
		want    string
	}{
		"an unknown stage":   {context(t, asIs), "qa", "which has dev, prod, wrong"},
		"an unknown setting": {context(t, func(s string) string { return strings.ReplaceAll(s, `"audience"`, `"audiences"`) }), "dev", "audiences"},
		"no stages":          {nil, "dev", "npx cdk"},
		"one name for two regions": {context(t, func(s string) string {
			return strings.Replace(s, `"us-east-1"], "issuer"`, `"us-east-1"], "domain": {"name": "tenon.example.com", "hostedZoneId": "Z0"}, "issuer"`, 1)
		}), "prod", "say {region} in it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := configure(tc.context, tc.stage, ""); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
