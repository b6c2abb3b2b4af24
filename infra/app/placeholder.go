package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tenonhq/tenon/infra"
)

// reservedHost matches the hosts that nobody can have (RFC 2606): those that
// cdk.json comes with, and those of the documents.
var reservedHost = regexp.MustCompile(`(?i)(^|\.)example(\.(com|net|org))?$`)

// deployable returns, as one error, the placeholders that the deployments still
// have. They can be synthesized and not deployed: a stage whose issuer nobody has
// takes nobody's tokens, and API Gateway refuses it late.
func deployable(deployments []infra.Props) error {
	var problems []error
	said := map[string]bool{} // Every region of a stage has the same.
	for _, p := range deployments {
		found := placeholders(p)
		if len(found) == 0 || said[p.Stage] {
			continue
		}
		said[p.Stage] = true
		problems = append(problems, fmt.Errorf("stage %s in cdk.json cannot be deployed:\n%w", p.Stage, errors.Join(found...)))
	}
	return errors.Join(problems...)
}

// placeholders returns what is to be replaced. An audience is a name and may look
// like any host.
func placeholders(p infra.Props) []error {
	var found []error
	placeholder := func(setting, advice string, addresses ...string) {
		for _, address := range addresses {
			if reservedHost.MatchString(host(address)) {
				found = append(found, fmt.Errorf("%s %q is a placeholder: %s", setting, address, advice))
			}
		}
	}
	placeholder("issuer", "name yours, or set userPool (infra/docs/sign-in.md)", p.Issuer)
	placeholder("corsOrigins", "name the origins of your pages, or none", p.CORSOrigins...)
	placeholder("publicUrl", "name yours, or leave it empty", p.PublicURL)
	placeholder("mailFrom", "name a sender that SES has verified, or leave it empty", p.MailFrom)
	placeholder("alarmEmail", "name who hears of alarms, or leave it empty", p.AlarmEmail)
	placeholder("awsRoleTemplateUrl", "name yours, or leave it empty", p.AWSRoleTemplate)
	placeholder("console origins", "name those of your issuer, or none", p.Console.Origins...)
	if p.Domain != nil {
		placeholder("domain name", "name yours (infra/docs/domain.md)", p.Domain.Name)
	}
	return found
}

// host returns the host of an origin, of a URL or of a mail address.
func host(address string) string {
	rest, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	rest = rest[strings.LastIndex(rest, "@")+1:]
	name, _, _ := strings.Cut(rest, ":")
	return strings.TrimSuffix(name, ".")
}
