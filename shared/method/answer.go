package method

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
)

// Answer is what a token endpoint said, before anyone looked into it. The
// encoded form is what is written ahead of parsing.
type Answer struct {
	Status     int
	RetryAfter time.Duration
	ClientKey  int // Of the request.
	Body       secret.Bytes
}

// answerForm is the sealed form of an Answer.
type answerForm struct {
	Status     int    `json:"s"`
	RetryAfter int64  `json:"r,omitempty"` // Nanoseconds.
	ClientKey  int    `json:"c,omitempty"`
	Body       []byte `json:"b"`
}

// Encode returns the form that is sealed and written ahead.
func (a Answer) Encode() (secret.Bytes, error) {
	b, err := json.Marshal(answerForm{a.Status, int64(a.RetryAfter), a.ClientKey, []byte(a.Body.Reveal())})
	if err != nil {
		return secret.Bytes{}, errors.New("token answer cannot be encoded")
	}
	return secret.New(b), nil
}

// DecodeAnswer reads what Encode wrote.
func DecodeAnswer(stored secret.Bytes) (Answer, error) {
	var f answerForm
	if err := json.Unmarshal([]byte(stored.Reveal()), &f); err != nil {
		return Answer{}, errors.New("stored token answer cannot be decoded")
	}
	return Answer{Status: f.Status, RetryAfter: time.Duration(f.RetryAfter), ClientKey: f.ClientKey, Body: secret.New(f.Body)}, nil
}

// Succeeded reports whether the status is a success, whatever the body holds.
func (a Answer) Succeeded() bool { return a.Status >= 200 && a.Status <= 299 }

// Unknown reports whether the request may have been carried out although no
// token came back: a gateway's error may hide an answer that was lost behind it,
// and a success that cannot be used, or that brings a refresh token beside an
// error, may have spent the credential. It is false for an answer that holds a
// token or a refusal in the words of RFC 6749 5.2, and for 503 and 429, with
// which a system turns a request away.
func (a Answer) Unknown() bool {
	_, err := a.Parse(catalog.Refresh{})
	switch {
	case err == nil, errors.Is(err, Definitive), errors.Is(err, ClientRefused):
		return false
	case !a.Succeeded():
		return a.Status >= 500 && a.Status != http.StatusServiceUnavailable
	}
	members, err := decodeMembers(a.Body.Reveal())
	return err != nil || errorCode(members) == "" || members["refresh_token"] != nil
}
