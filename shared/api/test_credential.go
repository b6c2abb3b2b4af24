package api

import (
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// TestCredentialsPut gives a template its test credential, or replaces it.
type TestCredentialsPut struct {
	TemplateID          string                  `json:"-" path:"templateId"`
	IfMatch             string                  `json:"-" header:"If-Match" maxLength:"64" doc:"The version of the test connection that is replaced."`
	Name                string                  `json:"name,omitempty" minLength:"1" maxLength:"120" doc:"Of the test connection, when it is made."`
	Inputs              map[string]string       `json:"inputs,omitempty" maxProperties:"40" doc:"What the template leaves open, when the test connection is made."`
	Credential          map[string]secret.Bytes `json:"credential,omitempty" maxProperties:"20" doc:"The fields of a static credential. It is verified, and serves test runs from then on. Where a person has to consent, leave it out and authorize the connection that is answered."`
	CredentialExpiresAt *time.Time              `json:"credentialExpiresAt,omitempty" doc:"When the credential ends, where you know it: within ten years. You are reminded of it; an earlier end that the credential itself says goes first."`
}

// TestCredential is what the owner of a template sees of its test credential.
type TestCredential struct {
	ConnectionID string `json:"connectionId"`
	Status       string `json:"status" enum:"active,degraded,disabled,pending"`
}
