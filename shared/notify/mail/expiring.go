package mail

import "fmt"

// ending words what lapses: how the subject names it, given its name, and what a
// person does before that day.
type ending struct{ what, remedy string }

// endings are those of the kinds that package expiry has besides what a
// connection holds.
var endings = map[string]ending{
	"refresh_token": {"\"%s\"", "Reconnect the account before that day, so that nothing stops."},
	"client_secret": {"The client secret of the template \"%s\"", "Make a new client secret at the system and save it in the template before that day, so that its connections go on."},
	"signing_key":   {"The certificate of the %s signing key", "Make a new signing key, register its certificate at the systems that trust this one, and move the templates to it before that day."},
	"sunset":        {"How \"%s\" is connected", "The system ends a way of connecting that you use. What replaces it stands in its entry: GET /v1/sunsets. Move your connections before that day, so that they go on."},
}

// expiring are the subject and the paragraph of the mail about what lapses on a
// day.
func expiring(kind, name, day string) (string, []string) {
	e, ok := endings[kind]
	if !ok {
		e = ending{"\"%s\"", "Save a new key before that day, or reconnect the account, so that nothing stops."}
	}
	return fmt.Sprintf(e.what+" needs attention before %s", name, day), []string{fmt.Sprintf("It lapses on %s. %s", day, e.remedy)}
}
