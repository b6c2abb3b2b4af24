package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// placement checks that a request carries the whole credential, and that nothing
// is named that the scheme's type does not have when it fills the templates.
func (l *linter) placement() {
	apply := l.scheme.Apply
	shown, values := names(apply.Headers, apply.Query), names(apply.Values)
	all := slices.Concat(shown, values)
	needed, further := l.credential(all)
	for _, name := range needed {
		l.add(!slices.Contains(all, name), l.at+"/apply", "puts {%s} nowhere; a request needs it in a header or in the query.", name)
	}
	allowed := slices.Concat(needed, slices.Collect(maps.Keys(l.samples(true))))
	for _, name := range shown {
		l.add(!slices.Contains(allowed, name), l.at+"/apply", "names {%s}, which is not declared.", name)
	}
	allowed = slices.Concat(allowed, further)
	for _, name := range values {
		l.add(!slices.Contains(allowed, name), l.at+"/apply/values", "names {%s}, which is not declared, or which a lease of this type does not have.", name)
	}
	if l.scheme.Type == "ssh_key" || l.scheme.Type == "database" {
		l.loginValues()
	}
}

// names returns what the names and the texts of templates name, in order.
func names(members ...map[string]string) []string {
	var used []string
	for _, templates := range members {
		for name, template := range templates {
			used = slices.Concat(used, catalog.Names(name), catalog.Names(template))
		}
	}
	slices.Sort(used)
	return used
}

// credential names what the placement has to carry, and what else may stand among
// its values. A user name and password may stand each for itself, as in the
// header of a SOAP message.
func (l *linter) credential(used []string) (needed, further []string) {
	var fields []string
	for _, in := range l.scheme.Fields {
		fields = append(fields, in.Name)
	}
	switch l.scheme.Type {
	case "basic":
		if slices.Contains(used, "password") && !slices.Contains(used, "basic") {
			return []string{"username", "password"}, fields
		}
		return []string{"basic"}, fields
	case "api_key":
		if len(fields) == 1 && slices.Contains(used, "basic") {
			return []string{"basic"}, nil
		}
		return fields, nil
	case "client_certificate":
		return []string{"certificate", "privateKey"}, fields
	case "ssh_key", "database":
		return nil, fields
	case "aws_assume_role", "aws_access_key":
		return nil, []string{"accessKeyId", "secretAccessKey", "sessionToken"}
	case "oauth1", "netsuite_tba", "none": // They sign, or have nothing to carry.
		return nil, nil
	}
	return []string{"accessToken"}, nil
}

// loginValues checks that what logs in stands among the values, by the words that
// a login to a server knows.
func (l *linter) loginValues() {
	words := []string{"username", "password", "privateKey", "passphrase"}
	if l.scheme.Type == "database" {
		words = []string{"username", "password", "ca", "clientCertificate", "clientKey"}
	}
	for _, in := range l.scheme.Fields {
		l.add(!slices.Contains(words, in.Name), l.at+"/fields", "has a field that no login knows; those of this type are: %s.", strings.Join(words, ", "))
		l.add(l.scheme.Apply.Values[in.Name] != "{"+in.Name+"}", l.at+"/apply/values", "needs {%s} under the same name; a login reads it there.", in.Name)
	}
	for _, name := range []string{"hostKey", "path", "database", "tlsMode"} {
		template, placed := l.scheme.Apply.Values[name]
		l.add(placed && template != "{"+name+"}" && len(catalog.Names(template)) > 0, l.at+"/apply/values",
			"has another value under the name %s, which a login would read; name the input so.", name)
	}
	if l.scheme.Type == "ssh_key" {
		l.add(l.scheme.Apply.Values["hostKey"] != "{hostKey}", l.at+"/apply/values", "needs {hostKey} under the same name: a runtime trusts no other server.")
	}
}

// members checks that a type finds the inputs and fields that it reads by name.
func (l *linter) members() {
	inputs, fields := []string{}, []string{}
	switch l.scheme.Type {
	case "basic":
		fields = []string{"username", "password"}
	case "client_certificate":
		fields = []string{"certificate", "privateKey"}
	case "aws_assume_role":
		inputs = []string{"roleArn", "region"}
	case "aws_access_key":
		inputs, fields = []string{"region"}, []string{"accessKeyId", "secretAccessKey"}
	case "netsuite_tba":
		inputs, fields = []string{"accountId"}, []string{"consumerKey", "consumerSecret", "tokenId", "tokenSecret"}
	case "ssh_key":
		inputs = []string{"hostKey"}
	}
	known := l.samples(true)
	if _, named := known["username"]; l.scheme.Type == "ssh_key" || l.scheme.Type == "database" {
		l.add(!named && !l.field("username"), l.at, "needs an input or a field of the name username, which a login reads.")
	}
	for _, name := range inputs {
		_, ok := known[name]
		l.add(!ok, l.at+"/inputs", "needs an input of the name %s, which schemes of this type read.", name)
	}
	for _, name := range fields {
		l.add(!l.field(name), l.at+"/fields", "needs a field of the name %s, which schemes of this type read.", name)
	}
	_, required := l.samples(false)["hostKey"]
	l.add(l.scheme.Type == "ssh_key" && required, l.at+"/inputs", "has a hostKey that is required; let it be optional, for the server's is shown to whoever leaves it out.")
}

// field reports whether the credential has a member of this name.
func (l *linter) field(name string) bool {
	return slices.ContainsFunc(l.scheme.Fields, func(in catalog.Input) bool { return in.Name == name })
}
