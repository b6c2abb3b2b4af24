package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/shared/notify"
)

// The page of webhooks offers every event that a tenant, and the organization, is told.
func TestPageOffersEveryEvent(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("ui/src/console/pages/webhooks/types.ts")
	if err != nil {
		t.Fatal(err)
	}
	offered := map[string][]string{}
	for _, list := range regexp.MustCompile(`(?s)const (\w+)Events = \[(.*?)\]`).FindAllStringSubmatch(string(source), -1) {
		for _, name := range regexp.MustCompile(`'([^']+)'`).FindAllStringSubmatch(list[2], -1) {
			offered[list[1]] = append(offered[list[1]], name[1])
		}
	}
	published := map[string][]string{}
	for _, kind := range notify.Types() {
		whose := "tenant"
		if kind.Organization {
			whose = "organization"
		}
		published[whose] = append(published[whose], kind.Name)
	}
	if diff := cmp.Diff(published, offered, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
		t.Errorf("events (-published +offered):\n%s", diff)
	}
}
