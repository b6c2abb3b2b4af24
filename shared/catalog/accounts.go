package catalog

import "slices"

// MostAccounts is how many accounts a system may list for one credential.
const MostAccounts = 500

// Accounts says how the accounts are listed that one credential reaches, and what
// the choice of one of them sets. All paths but Items are within an entry.
type Accounts struct {
	Request     Request   `json:"request"`
	Items       string    `json:"items,omitempty"`       // Dotted path of the list; absent where it is the whole answer.
	ID          string    `json:"id"`                    // Dotted path: what the account is pinned by.
	Name        string    `json:"name"`                  // Dotted path of the name that people know.
	Kind        string    `json:"kind,omitempty"`        // Dotted path of what kind of account it is, in the system's words.
	Environment string    `json:"environment,omitempty"` // Dotted path of what it is for, in the system's words.
	URL         string    `json:"url,omitempty"`         // Dotted path of its address, for people.
	Capture     []Capture `json:"capture"`               // From account: what the choice sets for the templates of the entry.
}

// Captures returns what is learnt of an account beside what a person says: in
// the handoff, and by the choice of the account.
func (s Scheme) Captures() []Capture {
	var all []Capture
	if s.OAuth != nil {
		all = s.OAuth.Capture
	}
	if s.Accounts != nil {
		all = slices.Concat(all, s.Accounts.Capture)
	}
	return all
}

// BeforeChoice returns the placement without what names a value that the choice
// of an account has not set yet: values are those that are known.
func (s Scheme) BeforeChoice(known map[string]Value) Placement {
	if s.Accounts == nil {
		return s.Apply
	}
	open := func(name, template string) bool {
		for _, c := range s.Accounts.Capture {
			if known[c.Name].Text == "" && slices.Contains(slices.Concat(Names(name), Names(template)), c.Name) {
				return true
			}
		}
		return false
	}
	return Placement{Headers: without(s.Apply.Headers, open), Query: without(s.Apply.Query, open), Values: without(s.Apply.Values, open)}
}

// Choice returns the accounts' own captures among the given values: those that a
// choice has set.
func (s Scheme) Choice(captured map[string]string) map[string]string {
	chosen := map[string]string{}
	if s.Accounts == nil {
		return chosen
	}
	for _, c := range s.Accounts.Capture {
		if text, ok := captured[c.Name]; ok {
			chosen[c.Name] = text
		}
	}
	return chosen
}

func without(templates map[string]string, leave func(name, template string) bool) map[string]string {
	kept := map[string]string{}
	for name, template := range templates {
		if !leave(name, template) {
			kept[name] = template
		}
	}
	return kept
}
