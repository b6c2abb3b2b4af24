package templatetests_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDomain: the API is served under its name alone, with a certificate that the
// zone of the name proves, and says so wherever it names itself.
func TestDomain(t *testing.T) {
	t.Parallel()
	tp := whole(t, "front")
	if tp.Resources["Api"].Properties["DisableExecuteApiEndpoint"] != true {
		t.Error("the API is served under another name too")
	}
	want := object{"DomainName": "tenon.example.com", "DomainNameConfigurations": []any{object{
		"CertificateArn": object{"Ref": "Certificate"}, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "IpAddressType": "dualstack",
	}}}
	if diff := cmp.Diff(want, tp.Resources["Domain"].Properties); diff != "" {
		t.Errorf("domain (-want +got):\n%s", diff)
	}
	want = object{"ApiId": object{"Ref": "Api"}, "DomainName": object{"Ref": "Domain"}, "Stage": object{"Ref": "Stage"}}
	if diff := cmp.Diff(want, tp.Resources["DomainMapping"].Properties); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
	certificate := tp.Resources["Certificate"].Properties
	if certificate["DomainName"] != "tenon.example.com" || certificate["ValidationMethod"] != "DNS" {
		t.Errorf("certificate %v", certificate)
	}
	for _, kind := range []string{"A", "AAAA"} {
		if got := records(tp)[kind]; got != "tenon.example.com to ${Domain.RegionalDomainName} in Z0123456789EXAMPLE" {
			t.Errorf("%s record: got %q", kind, got)
		}
	}
	for id, f := range tp.ofType("AWS::Lambda::Function") {
		if got := at(f.Properties, "Environment", "Variables", "TENON_PUBLIC_URL"); got != "https://tenon.example.com" {
			t.Errorf("%s is told that it is served at %v", id, got)
		}
	}
}

func records(tp *template) map[string]string {
	found := map[string]string{}
	for _, r := range tp.ofType("AWS::Route53::RecordSet") {
		p := r.Properties
		found[tp.text(p["Type"])] = tp.text(p["Name"]) + " to " + tp.text(at(p, "AliasTarget", "DNSName")) + " in " + tp.text(p["HostedZoneId"])
	}
	return found
}
