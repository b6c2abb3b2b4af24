package cloud

import (
	"net/mail"
	"strings"
)

// needMailPermissions registers the permissions of Amazon SES: the identity that
// sends is the address where that is verified itself, or else its domain.
// https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
func (c *Cloud) needMailPermissions() {
	need(c, sesAPI.name+".SendEmail", func(in *sendRequest) ([]access, error) {
		address, name := in.FromEmailAddress, ""
		if parsed, err := mail.ParseAddress(address); err == nil {
			address, name = parsed.Address, parsed.Name
		}
		sender := address
		c.mail.mu.Lock()
		if _, domain, _ := strings.Cut(address, "@"); !c.mail.state.Identities[address] && c.mail.state.Identities[domain] {
			sender = domain
		}
		c.mail.mu.Unlock()
		return []access{{
			action: "ses:SendEmail", resource: c.arn("ses", "identity/"+sender),
			context: with(given("ses:FromAddress", address), given("ses:FromDisplayName", name), conditions{"ses:Recipients": in.Destination.ToAddresses}),
		}}, nil
	})
}
