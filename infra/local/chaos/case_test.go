package chaos_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// shows names the case of the security design that a strike at a refresh is one
// of.
func (s *strike) shows() string {
	switch {
	case s.second != nil:
		return "REF-17 killed again while recovering"
	case s.how == pause:
		return "REF-03 paused past the lease"
	case s.how == hangUp && s.lost():
		return "REF-08 the answer of the provider is lost"
	case s.how == hangUp:
		return "AWS-03 a call breaks off"
	case s.disturbs():
		return disturbed(s.how, s.name)
	case s.lost():
		return "REF-05 killed between the answer of the provider and its record"
	case recorded(s.calls, providerCall) == 0:
		return "REF-04 killed before the token request was carried out"
	case recorded(s.calls, "secretsmanager PutSecretValue") == 0:
		return "REF-06 killed after the answer was saved"
	}
	return "REF-07 killed while the token moves to the secret store"
}

// disturbed names the case of a disturbance at a call.
func disturbed(how, name string) string {
	service, _, _ := strings.Cut(name, " ")
	switch {
	case service == "TrentService" && how == string(down):
		return "AWS-05 KMS is down"
	case service == "TrentService":
		return "AWS-01 KMS is disturbed"
	case service == "secretsmanager":
		return "AWS-02 Secrets Manager is disturbed"
	case service == "DynamoDB":
		return "AWS-03 DynamoDB is disturbed"
	}
	return "AWS the event bus is disturbed"
}

// byCase runs a test for each case that strikes show, with its strikes.
func byCase(t *testing.T, strikes []*strike, shows func(*strike) string, check func(*testing.T, []*strike)) {
	t.Helper()
	cases := map[string][]*strike{}
	for _, s := range strikes {
		cases[shows(s)] = append(cases[shows(s)], s)
	}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) { check(t, cases[name]) })
	}
}

// table prints how requests ended while AWS misbehaved: a row for each call, a
// column for each way.
func table(t *testing.T, operation string, strikes []*strike) {
	t.Helper()
	ways, names, ends := []disturbance{fails, throttle, late, down}, map[int]string{}, map[string]string{}
	for _, s := range strikes {
		if s.operation == operation && s.disturbs() && s.reached {
			names[s.at] = s.name
			ends[fmt.Sprint(s.at, s.how)] = fmt.Sprint(s.answer().status)
		}
	}
	t.Logf("%-52s %8s %8s %8s %8s", "how "+operation+" ends when a call …", ways[0], ways[1], ways[2], ways[3])
	for _, at := range slices.Sorted(maps.Keys(names)) {
		row := fmt.Sprintf("%2d %-49s", at, names[at])
		for _, way := range ways {
			row += fmt.Sprintf(" %8s", ends[fmt.Sprint(at, string(way))])
		}
		t.Log(row)
	}
}
