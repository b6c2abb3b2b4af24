package templatetests_test

import (
	"encoding/json"
	"math"
	"regexp"
	"testing"
)

// TestNoSecrets: nothing in a template looks like a credential, whatever
// property it stands in.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		var parsed any
		if err := json.Unmarshal([]byte(read(t, file)), &parsed); err != nil {
			t.Fatal(err)
		}
		walk(parsed, "", func(path, value string) {
			if looksSecret(value) {
				t.Errorf("%s: the value at %s looks like a secret", file, path)
			}
		})
	}
}

// TestLooksSecret keeps the scan honest: it must see what it is there for.
func TestLooksSecret(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"AKIA" + "IOSFODNN7EXAMPLE":                            true,
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY":             true,
		"ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a":        true,
		"eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJ4In0.c2ln":       true,
		"-----BEGIN PRIVATE " + "KEY-----":                     true,
		"postgres://tenon:hunter2@db/tenon":                    true,
		"Return one connection.":                               false,
		"secretsmanager:UpdateSecretVersionStage":              false,
		"arn:aws:kms:eu-west-1:123456789012:alias/tenon/dev/x": false,
	} {
		if got := looksSecret(value); got != want {
			t.Errorf("looksSecret(%q) = %v, want %v", value, got, want)
		}
	}
}

// walk visits every string, but for the names CloudFormation and the CDK make
// of hashes: asset keys and the exports between the stacks.
func walk(v any, path string, visit func(path, value string)) {
	switch x := v.(type) {
	case string:
		visit(path, x)
	case []any:
		for _, each := range x {
			walk(each, path, visit)
		}
	case object:
		for key, each := range x {
			if key != "S3Key" && key != "Fn::ImportValue" && key != "Export" {
				walk(each, path+"/"+key, visit)
			}
		}
	}
}

var (
	knownSecret = regexp.MustCompile(`AKIA[0-9A-Z]{16}|gh[pousr]_\w{20}|xox[abp]-|sk_live_|-----BEGIN|eyJ[\w-]{8,}\.|://[^/\s:]+:[^/\s@]+@`)
	word        = regexp.MustCompile(`[A-Za-z0-9+/=_]{20,}`)
	digit       = regexp.MustCompile(`[0-9]`)
)

// looksSecret reports a known credential format, or a long word with digits
// and the entropy of a random one.
func looksSecret(value string) bool {
	if knownSecret.MatchString(value) {
		return true
	}
	for _, w := range word.FindAllString(value, -1) {
		if digit.MatchString(w) && entropy(w) > 4 {
			return true
		}
	}
	return false
}

// entropy is Shannon's, in bits per character.
func entropy(s string) float64 {
	counts := map[rune]float64{}
	for _, r := range s {
		counts[r]++
	}
	var bits float64
	for _, n := range counts {
		p := n / float64(len(s))
		bits -= p * math.Log2(p)
	}
	return bits
}
