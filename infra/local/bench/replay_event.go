package bench

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Names of the events whose values the functions draw.
const (
	eventHandoff       = "hof_01M7W2Y7M00000000000000001"
	eventTicket        = "fake-ticket-of-acme-00000000000000000000000"
	eventCookie        = "fake-cookie-of-acme-00000000000000000000000"
	eventForm          = "fake-form-of-acme-0000000000000000000000000"
	eventState         = "fake-state-of-acme-000000000000000000000000"
	eventSession       = "cst_01M7W2Y7M00000000000000001"
	eventSessionTicket = "fake-ticket-of-user-42-00000000000000000000"
	eventSessionCookie = "fake-cookie-of-user-42-00000000000000000000"
	eventSessionForm   = "fake-form-of-user-42-0000000000000000000000"
)

// eventTime is the time of the events.
var eventTime = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

var timestamp = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// event returns a sample event as it is sent: with the step's changes, the names
// that were learned, and its times moved to now.
func (p *player) event(s step) ([]byte, error) {
	text, err := os.ReadFile(p.path(s.event))
	if err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, fmt.Errorf("read the event %s: %w", s.event, err)
	}
	if headers, ok := event["headers"].(map[string]any); ok {
		p.sent++
		if headers["idempotency-key"] != nil {
			headers["idempotency-key"] = fmt.Sprintf("bench-%06d", p.sent)
		}
		for name, value := range s.header {
			headers[name] = value
		}
	}
	if body, _ := event["body"].(string); event["isBase64Encoded"] == true {
		plain, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, fmt.Errorf("read the body of %s: %w", s.event, err)
		}
		event["body"], event["isBase64Encoded"] = string(plain), false
	}
	if s.body != "" {
		event["body"] = strings.ReplaceAll(s.body, "{provider}", p.providers)
	}
	if text, err = json.Marshal(event); err != nil {
		return nil, fmt.Errorf("write the event %s: %w", s.event, err)
	}
	return p.current(text), nil
}

// current replaces the names and moves the times of an event.
func (p *player) current(text []byte) []byte {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(p.names)) {
		pairs = append(pairs, name, p.names[name])
	}
	moved := time.Since(eventTime)
	return timestamp.ReplaceAllFunc([]byte(strings.NewReplacer(pairs...).Replace(string(text))), func(stamp []byte) []byte {
		at, err := time.Parse(time.RFC3339, string(stamp))
		if err != nil {
			return stamp
		}
		return []byte(at.Add(moved).UTC().Format(time.RFC3339))
	})
}

// learn notes what an answer says of the names in later events.
func (p *player) learn(s step, a reply) error {
	var made struct{ ID, SessionID, StartURL, URL string }
	if strings.HasPrefix(a.Body, "{") {
		if err := json.Unmarshal([]byte(a.Body), &made); err != nil {
			return fmt.Errorf("read the answer to %s: %w", s.event, err)
		}
	}
	if s.as != "" {
		p.names[s.as] = made.ID
	}
	cookie := ""
	if len(a.Cookies) > 0 {
		_, cookie, _ = strings.Cut(strings.Split(a.Cookies[0], ";")[0], "=")
	}
	form := ""
	if m := formField.FindStringSubmatch(a.Body); m != nil {
		form = html.UnescapeString(m[1])
	}
	switch s.function() {
	case "connection-authorize":
		address, ticket := ticketOf(made.StartURL)
		p.names[eventHandoff], p.names[eventTicket] = address, ticket
	case "oauth-start":
		p.names[eventCookie], p.names[eventForm] = cookie, form
	case "oauth-confirm":
		to, err := url.Parse(a.Headers["location"])
		if err != nil {
			return fmt.Errorf("read where %s leads: %w", s.event, err)
		}
		_, p.names[eventState], _ = strings.Cut(to.Query().Get("state"), ".")
	case "connect-session-create":
		p.names[eventSession] = made.SessionID
		_, p.names[eventSessionTicket] = ticketOf(made.URL)
	case "connect-page":
		p.names[eventSessionCookie], p.names[eventSessionForm] = cookie, form
	}
	return nil
}

// ticketOf returns the last element of an address and its ticket.
func ticketOf(address string) (last, ticket string) {
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", ""
	}
	return path[strings.LastIndexByte(path, '/')+1:], values.Get("ticket")
}
