package cloud

import (
	"encoding/json"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
)

var sesAPI = api{name: "sesv2"}

// Mail is one e-mail that was sent. Nothing leaves the machine.
type Mail struct {
	ID      string
	From    string
	To      []string
	Subject string
	Text    string
	HTML    string
	Raw     string // The whole message when it was sent raw (RFC 5322).
	At      time.Time
}

// Mails returns everything that was sent, oldest first.
func (c *Cloud) Mails() []Mail {
	c.mail.mu.Lock()
	defer c.mail.mu.Unlock()
	return slices.Clone(c.mail.state.Mails)
}

// mailStore is Amazon SES v2 with a mailbox. Every identity that is created
// is verified at once.
type mailStore struct {
	cloud *Cloud
	mu    sync.Mutex
	state mailState
}

type mailState struct {
	Identities map[string]bool // Addresses and domains.
	Mails      []Mail
}

func newMailStore(c *Cloud) *mailStore {
	s := &mailStore{cloud: c, state: mailState{Identities: map[string]bool{}}}
	route(c, sesAPI, "CreateEmailIdentity", "POST /v2/email/identities", locked(&s.mu, s.createIdentity))
	route(c, sesAPI, "GetEmailIdentity", "GET /v2/email/identities/{EmailIdentity}", locked(&s.mu, s.getIdentity))
	route(c, sesAPI, "SendEmail", "POST /v2/email/outbound-emails", locked(&s.mu, s.send))
	c.routes.HandleFunc("GET /_dev/mails", func(w http.ResponseWriter, _ *http.Request) {
		writeREST(w, object{"mails": c.Mails()}, nil)
	})
	return s
}

type identityRequest struct {
	EmailIdentity string
}

func (r *identityRequest) resource() string { return r.EmailIdentity }

func (s *mailStore) createIdentity(in *identityRequest) (object, error) {
	if in.EmailIdentity == "" {
		return nil, errorf("BadRequestException", "EmailIdentity must not be empty.")
	}
	if s.state.Identities[in.EmailIdentity] {
		return nil, errorf("AlreadyExistsException", "Email identity %s already exists.", in.EmailIdentity)
	}
	s.state.Identities[in.EmailIdentity] = true
	return identity(in.EmailIdentity), nil
}

func (s *mailStore) getIdentity(in *identityRequest) (object, error) {
	if !s.state.Identities[in.EmailIdentity] {
		return nil, &Error{Code: "NotFoundException", Message: "Email identity does not exist.", Status: http.StatusNotFound}
	}
	return identity(in.EmailIdentity), nil
}

func identity(name string) object {
	kind := "DOMAIN"
	if strings.Contains(name, "@") {
		kind = "EMAIL_ADDRESS"
	}
	return object{"VerifiedForSendingStatus": true, "IdentityType": kind}
}

type sendRequest struct {
	FromEmailAddress string
	Destination      struct{ ToAddresses []string }
	Content          struct {
		Simple *struct {
			Subject struct{ Data string }
			Body    struct{ Text, Html struct{ Data string } }
		}
		Raw *struct{ Data []byte }
	}
}

func (r *sendRequest) resource() string { return r.FromEmailAddress }

func (s *mailStore) send(in *sendRequest) (object, error) {
	address := in.FromEmailAddress
	if parsed, err := mail.ParseAddress(address); err == nil {
		address = parsed.Address
	}
	_, domain, _ := strings.Cut(address, "@")
	if !s.state.Identities[address] && !s.state.Identities[domain] {
		return nil, errorf("MessageRejected", "Email address is not verified. The following identities failed the check in region %s: %s", s.cloud.Region, address)
	}
	sent := Mail{ID: newUUID(), From: in.FromEmailAddress, To: in.Destination.ToAddresses, At: s.cloud.Now()}
	switch {
	case in.Content.Simple != nil:
		sent.Subject = in.Content.Simple.Subject.Data
		sent.Text = in.Content.Simple.Body.Text.Data
		sent.HTML = in.Content.Simple.Body.Html.Data
	case in.Content.Raw != nil:
		sent.Raw = string(in.Content.Raw.Data)
		if message, err := mail.ReadMessage(strings.NewReader(sent.Raw)); err == nil {
			sent.Subject = message.Header.Get("Subject")
		}
	default:
		return nil, errorf("BadRequestException", "Only the contents Simple and Raw are served.")
	}
	s.state.Mails = append(s.state.Mails, sent)
	return object{"MessageId": sent.ID}, nil
}

func (s *mailStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.state)
}

func (s *mailStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = mailState{} // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.state)
}
