package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
)

const (
	oregon   = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
	virginia = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
)

// own is a stage with a user pool and a domain of its own.
func own() infra.Props {
	p := valid()
	p.Issuer, p.Audience, p.PublicURL, p.Region = "", "", "", "us-west-2"
	p.Console = infra.Console{}
	p.UserPool = &infra.UserPool{DomainPrefix: "tenon-prod", MFA: infra.MFARequired, MachineClients: []infra.MachineClient{
		{Name: "flow-runner", Tenant: "acme", Scopes: []string{"connections:lease"}},
		{Name: "onboarding", Tenant: "org", Scopes: []string{"tenants:admin"}},
	}}
	p.Domain = &infra.Domain{Name: "tenon.{region}.example.com", CertificateARN: oregon, HostedZoneID: "Z0123456789EXAMPLE"}
	return p
}

func TestValidateAcceptsAFrontOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*infra.Props){
		"pool and domain":               func(*infra.Props) {},
		"certificate made in the zone":  func(p *infra.Props) { p.Domain.CertificateARN = "" },
		"records made by the operator":  func(p *infra.Props) { p.Domain.HostedZoneID = "" },
		"region of whoever deploys":     func(p *infra.Props) { p.Region, p.Domain.Name = "", "tenon.example.com" },
		"nobody but people":             func(p *infra.Props) { p.UserPool.MachineClients = nil },
		"function by name":              func(p *infra.Props) { p.Console.Delivery = infra.DeliveryFunction },
		"CloudFront":                    func(p *infra.Props) { p.Console.Delivery, p.Domain.CertificateARN = infra.DeliveryCloudFront, virginia },
		"scopes by names of the issuer": func(p *infra.Props) { *p = valid(); p.Console.Scopes = []string{"api://tenon/.default"} },
	} {
		p := own()
		change(&p)
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateFront(t *testing.T) {
	t.Parallel()
	machine := func(change func(*infra.MachineClient)) func(*infra.Props) {
		return func(p *infra.Props) { change(&p.UserPool.MachineClients[0]) }
	}
	for name, tc := range map[string]struct {
		change func(*infra.Props)
		want   string
	}{
		"two issuers":               {func(p *infra.Props) { p.Issuer = "https://login.example.com" }, "a userPool is the issuer"},
		"audience of another":       {func(p *infra.Props) { p.Audience = "tenon" }, "a userPool is the issuer"},
		"two clients":               {func(p *infra.Props) { p.Console.ClientID = "console" }, "a userPool has a client"},
		"a claim of Cognito":        {func(p *infra.Props) { p.TenantClaim = "client_id" }, `tenantClaim "client_id"`},
		"a prefix of Cognito":       {func(p *infra.Props) { p.TenantClaim = "cognito:groups" }, `tenantClaim "cognito:groups"`},
		"no prefix":                 {func(p *infra.Props) { p.UserPool.DomainPrefix = "" }, `domainPrefix ""`},
		"host for a prefix":         {func(p *infra.Props) { p.UserPool.DomainPrefix = "login.example.com" }, `domainPrefix "login.example.com"`},
		"a reserved word":           {func(p *infra.Props) { p.UserPool.DomainPrefix = "my-cognito" }, `keeps "cognito"`},
		"no MFA":                    {func(p *infra.Props) { p.UserPool.MFA = "off" }, `mfa "off"`},
		"name of a client":          {machine(func(m *infra.MachineClient) { m.Name = "Flow runner" }), `"Flow runner"`},
		"the same client":           {machine(func(m *infra.MachineClient) { m.Name = "onboarding" }), `"onboarding" stands there twice`},
		"no tenant":                 {machine(func(m *infra.MachineClient) { m.Tenant = "" }), `tenant ""`},
		"two tenants":               {machine(func(m *infra.MachineClient) { m.Tenant = "acme globex" }), `tenant "acme globex"`},
		"no scopes":                 {machine(func(m *infra.MachineClient) { m.Scopes = nil }), "scopes are needed"},
		"unknown scope":             {machine(func(m *infra.MachineClient) { m.Scopes = []string{"connections:*"} }), `"connections:*"`},
		"tenants for a tenant":      {machine(func(m *infra.MachineClient) { m.Scopes = []string{"tenants:admin"} }), `no token of tenant acme has the scope "tenants:admin"`},
		"too many clients":          {tooMany, "49 are the most"},
		"two addresses":             {func(p *infra.Props) { p.PublicURL = "https://api.example.com" }, "domain and publicUrl"},
		"URL for a name":            {func(p *infra.Props) { p.Domain.Name = "https://tenon.example.com" }, `name "https://tenon.example.com"`},
		"a name with a port":        {func(p *infra.Props) { p.Domain.Name = "tenon.example.com:8443" }, `name "tenon.example.com:8443"`},
		"no region to name":         {func(p *infra.Props) { p.Region = "" }, "names no region"},
		"certificate elsewhere":     {func(p *infra.Props) { p.Domain.CertificateARN = virginia }, "must be of us-west-2"},
		"certificate of IAM":        {func(p *infra.Props) { p.Domain.CertificateARN = "arn:aws:iam::123456789012:server-certificate/x" }, "certificate of ACM"},
		"neither zone nor one":      {func(p *infra.Props) { p.Domain.CertificateARN, p.Domain.HostedZoneID = "", "" }, "certificateArn or hostedZoneId"},
		"zone by name":              {func(p *infra.Props) { p.Domain.HostedZoneID = "example.com." }, `hostedZoneId "example.com."`},
		"unknown delivery":          {func(p *infra.Props) { p.Console.Delivery = "s3" }, `delivery "s3"`},
		"CloudFront of no name":     {func(p *infra.Props) { p.Console.Delivery, p.Domain = infra.DeliveryCloudFront, nil }, "CloudFront needs a domain"},
		"CloudFront, regional":      {func(p *infra.Props) { p.Console.Delivery = infra.DeliveryCloudFront }, "must be of us-east-1"},
		"CloudFront, certificate":   {func(p *infra.Props) { p.Console.Delivery, p.Domain.CertificateARN = infra.DeliveryCloudFront, "" }, "CloudFront needs one"},
		"two scopes in one":         {func(p *infra.Props) { *p = valid(); p.Console.Scopes = []string{"a,b"} }, `console scopes "a,b"`},
		"neither issuer nor a pool": {func(p *infra.Props) { p.UserPool, p.Audience = nil, "tenon" }, "or a userPool"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := own()
			tc.change(&p)
			err := p.Validate()
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one problem with %s", err, tc.want)
			}
		})
	}
}

func tooMany(p *infra.Props) {
	p.UserPool.MachineClients = nil
	for i := range 50 {
		p.UserPool.MachineClients = append(p.UserPool.MachineClients,
			infra.MachineClient{Name: fmt.Sprintf("runner-%d", i), Tenant: "acme", Scopes: []string{"connections:lease"}})
	}
}
