package api

import (
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// ConnectionImport asks for connections that another system kept so far.
type ConnectionImport struct {
	Items []ConnectionImportItem `json:"items" minItems:"1" maxItems:"25" doc:"Each on its own: the results are in this order."`
}

// ConnectionImportItem is one connection of another system with its credential.
type ConnectionImportItem struct {
	ExternalID  string            `json:"externalId" minLength:"1" maxLength:"128" doc:"The name the other system has for it, unique in the tenant. Sent again it answers with the same connection for as long as that exists; with another content it fails with idempotency_mismatch."`
	TemplateID  string            `json:"templateId,omitempty" pattern:"^tpl_[0-9A-HJKMNP-TV-Z]{26}$" doc:"This or templateKey."`
	TemplateKey string            `json:"templateKey,omitempty" maxLength:"120" doc:"The stableKey of a template: the tenant's own goes before the organization's."`
	Name        string            `json:"name" minLength:"1" maxLength:"120"`
	Environment string            `json:"environment,omitempty" enum:"production,test" default:"production"`
	Labels      map[string]string `json:"labels,omitempty" maxProperties:"20"`
	Inputs      map[string]string `json:"inputs,omitempty" maxProperties:"40"`
	Account     *Account          `json:"account,omitempty" doc:"The account at the system, where you know it. Another one fails."`
	// Credential and Token exclude each other.
	Credential          map[string]secret.Bytes `json:"credential,omitempty" maxProperties:"20" doc:"The fields of a static credential, as in the creation of a connection."`
	CredentialExpiresAt *time.Time              `json:"credentialExpiresAt,omitempty" doc:"When the credential ends, where you know it: within ten years."`
	Token               *ImportToken            `json:"token,omitempty" doc:"What a person granted by OAuth, to the client that is the template's."`
}

// ImportToken is a grant that another system was given. A refresh token is stored
// before it is first used here; from then on the other system must not use it.
type ImportToken struct {
	AccessToken  secret.Bytes      `json:"accessToken,omitempty" doc:"Verified as it is while it is valid for two more minutes, or where there is no refresh token."`
	RefreshToken secret.Bytes      `json:"refreshToken,omitempty" doc:"Used at once where no access token is valid. What the system gives in its place is kept, whatever the check says then."`
	ExpiresAt    *time.Time        `json:"expiresAt,omitempty" doc:"When the access token ends."`
	Scopes       []string          `json:"scopes,omitempty" maxItems:"200" doc:"As granted."`
	TokenType    string            `json:"tokenType,omitempty" maxLength:"40" doc:"Bearer when absent."`
	Captured     map[string]string `json:"captured,omitempty" maxProperties:"20" doc:"What the system told with the grant, by the connector's captures, such as realmId of QuickBooks or instanceUrl of Salesforce."`
}

// Fingerprint tells one item from another by everything but its credential. The
// tokens of one grant may be others the next time.
func (i ConnectionImportItem) Fingerprint() string {
	var account Account
	if i.Account != nil {
		account = *i.Account
	}
	var captured map[string]string
	if i.Token != nil {
		captured = i.Token.Captured
	}
	return fingerprint(
		i.TemplateID, i.TemplateKey, i.Name, i.Environment, i.Labels, i.Inputs, account.ID, instant(i.CredentialExpiresAt), i.Token != nil, captured)
}

// ImportResults says what became of each item, in the order of the request.
type ImportResults struct {
	Results []ImportResult `json:"results"`
}

// ImportResult is what became of one item.
type ImportResult struct {
	ExternalID   string         `json:"externalId"`
	Status       string         `json:"status" enum:"created,exists,failed,skipped" doc:"skipped: the time of the request was up before; send the item again. A failed item may be corrected, or sent again as its remedy says."`
	ConnectionID string         `json:"connectionId,omitempty" doc:"With failed: the import is not finished, and its refresh token is kept there. Send the item again."`
	Problem      *ImportProblem `json:"problem,omitempty" doc:"Why it failed; or why the connection that is there is degraded."`
}

// ImportProblem is a problem of one item, in the words of a problem document.
type ImportProblem struct {
	Code   string        `json:"code"`
	Detail string        `json:"detail"`
	Remedy string        `json:"remedy,omitempty"`
	Errors []ImportField `json:"errors,omitempty"`
}

// ImportField is one member of the item that is wrong.
type ImportField struct {
	Pointer string `json:"pointer" doc:"RFC 6901, into the item."`
	Detail  string `json:"detail"`
}
