package template

import (
	"slices"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// free reports whether an input can name a host of anyone: what is sent there,
// the connection's owner may read. One whose pattern keeps it to a system's own
// hosts cannot.
func free(in catalog.Input, local bool) bool {
	const anyone = "host.of.anyone-else.net"
	sample := map[string]string{in.Name: anyone}
	switch in.Type {
	case catalog.TypeHost, catalog.TypeServer:
	case catalog.TypeURL:
		sample[in.Name] = "https://" + anyone
	default:
		return false
	}
	_, err := catalog.CheckInputs([]catalog.Input{in}, sample, local)
	return err == nil
}

// checkBound refuses another host for a connection that has a credential, current
// kept or about to be: it was given for the host it was verified at, and every check,
// refresh, promotion or rollback would send it to the new one.
func checkBound(open []catalog.Input, c connection.Connection, wanted map[string]string, local bool) error {
	if c.Credential == nil && c.Pending == nil && c.Previous == nil && c.Provisioning.IsZero() {
		return nil
	}
	var fields []fault.Field
	for _, in := range open {
		host := catalog.Host(in, wanted[in.Name])
		if host != "" && host != catalog.Host(in, c.Inputs[in.Name]) && free(in, local) {
			fields = append(fields, fault.Field{
				Pointer: "/inputs/" + in.Name, Detail: "Must stay on the host that the credential was given for. Make a new connection for another one.",
			})
		}
	}
	return wrongInputs(fields)
}

// checkShown refuses hosts of the connection's choice where the client of a
// template of somebody else would show its secret, or sign, for them. A default
// is the connector's choice.
func checkShown(t Template, c connection.Connection, connector catalog.Connector, scheme catalog.Scheme, given map[string]string, local bool) error {
	if t.Owner == c.Tenant || t.Client.Secret == nil && (scheme.OAuth == nil || scheme.OAuth.ClientAuth != privateKeyJWT || t.Client.ClientID == "") {
		return nil
	}
	var names []string
	for _, address := range shownAt(scheme) {
		names = append(names, catalog.Names(address)...)
	}
	var fields []fault.Field
	for _, in := range connector.InputsFor(scheme) {
		text := given[in.Name]
		if _, fixed := t.Inputs[in.Name]; fixed || text == "" || text == in.Default || !slices.Contains(names, in.Name) || !free(in, local) {
			continue
		}
		fields = append(fields, fault.Field{
			Pointer: "/inputs/" + in.Name, Detail: "Is for the owner of the template to say: the template's OAuth client shows its secret there.",
		})
	}
	return wrongInputs(fields)
}

// shownAt lists the addresses at which a scheme's client authenticates.
func shownAt(scheme catalog.Scheme) []string {
	var list []string
	if o := scheme.OAuth; o != nil {
		list = append(list, o.TokenURL, o.RevokeURL, o.DeviceURL)
	}
	if o := scheme.OAuth1; o != nil {
		list = append(list, o.RequestURL, o.AccessURL)
	}
	return list
}

func wrongInputs(fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The inputs are not valid.", Remedy: "fix_input", Fields: fields}
}

// shown is checkShown for a request that is about to be made.
func (s *Service) shown(t Template, c connection.Connection, target method.Target) error {
	return checkShown(t, c, target.Connector, target.Scheme, c.Inputs, s.Catalog.Local)
}
