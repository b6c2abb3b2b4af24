package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
)

// TestPlaceholdersAreNotDeployed: the stages that cdk.json comes with are refused,
// each once and with what to do.
func TestPlaceholdersAreNotDeployed(t *testing.T) {
	t.Parallel()
	settings, err := readContext("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	deployments, err := configure(settings["stages"], "", "")
	if err != nil {
		t.Fatal(err)
	}
	err = deployable(deployments)
	if err == nil {
		t.Fatal("the placeholders of cdk.json would be deployed")
	}
	for _, said := range []string{
		"stage dev in cdk.json cannot be deployed", "stage staging in cdk.json", "stage prod in cdk.json",
		`corsOrigins "https://console.example"`, `mailFrom "tenon@mail.example"`,
	} {
		if n := strings.Count(err.Error(), said); n != 1 {
			t.Errorf("%q is said %d times in:\n%v", said, n, err)
		}
	}
}

func TestDeployable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		props infra.Props
		want  string // Empty: it is deployed.
	}{
		"an issuer of one's own":     {infra.Props{Issuer: "https://login.acme-example.io/example/"}, ""},
		"an audience is only a name": {infra.Props{Issuer: "https://login.acme.io/", Audience: "https://tenon.example.com"}, ""},
		"a host that has the word":   {infra.Props{PublicURL: "https://example.acme.io", MailFrom: "example@acme.io"}, ""},
		"the issuer of the document": {infra.Props{Issuer: "https://login.example.com/"}, `issuer "https://login.example.com/"`},
		"an issuer with a port":      {infra.Props{Issuer: "https://issuer.example:8443/a"}, "or set userPool"},
		"whatever its case":          {infra.Props{Issuer: "https://Issuer.Example."}, "issuer"},
		"a domain":                   {infra.Props{Domain: &infra.Domain{Name: "tenon.{region}.example.com"}}, "domain name"},
		"who hears of alarms":        {infra.Props{AlarmEmail: "ops@example.org"}, "alarmEmail"},
		"an origin of the console":   {infra.Props{Console: infra.Console{Origins: []string{"https://login.acme.io", "https://auth.example"}}}, "https://auth.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := deployable([]infra.Props{tc.props})
			if tc.want == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
