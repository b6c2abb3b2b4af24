package crm

import (
	"encoding/json"
	"net/http"
	"time"
)

const maxContacts = 1000

type contact struct {
	ID        string    `json:"id"`
	AccountID string    `json:"accountId"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	CreatedAt time.Time `json:"createdAt"`
}

func demoContacts() []contact {
	start := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	return []contact{
		{"contact_1", "acct_archer", "Carol Chandler", "carol@chandler.example", start},
		{"contact_2", "acct_archer", "Dave Dyer", "dave@dyer.example", start},
		{"contact_3", "acct_baker", "Erin Fletcher", "erin@fletcher.example", start},
	}
}

// listContacts answers GET /api/contacts with the account's own contacts.
func (p *Provider) listContacts(w http.ResponseWriter, r *http.Request) {
	who, ok := p.bearer(w, r, scopeRead)
	if !ok {
		return
	}
	p.mu.Lock()
	own := []contact{}
	for _, c := range p.state.Contacts {
		if c.AccountID == who.AccountID {
			own = append(own, c)
		}
	}
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"contacts": own})
}

// createContact answers POST /api/contacts with the body {"name", "email"}.
func (p *Provider) createContact(w http.ResponseWriter, r *http.Request) {
	who, ok := p.bearer(w, r, scopeWrite)
	if !ok {
		return
	}
	c := contact{}
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil || c.Name == "" {
		p.writeError(w, invalidRequest(`The body must be {"name", "email"}.`))
		return
	}
	c.ID, c.AccountID, c.CreatedAt = newSecret("contact_"), who.AccountID, p.now()
	if err := p.addContact(c); err != nil {
		p.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, c)
}

func (p *Provider) addContact(c contact) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.state.Contacts) >= maxContacts {
		return invalidRequest("There are too many contacts.")
	}
	p.state.Contacts = append(p.state.Contacts, c)
	return p.save()
}
