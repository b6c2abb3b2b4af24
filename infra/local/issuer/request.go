package issuer

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// ConsoleClient is the client_id of the console, a public client.
const ConsoleClient = "tenon-console"

// signedInPath is where the console takes the answer to its request.
const signedInPath = "/console/signed-in"

// challengeForm is that of a challenge by S256 (RFC 7636, section 4.2).
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// identityScopes are those of OpenID Connect that a client may ask for; the
// rest of a request's scopes are the API's.
func identityScopes() []string { return []string{"openid", "profile", "email", "offline_access"} }

// request is what a client asked for at the authorization endpoint.
type request struct {
	redirectURI, state, nonce, challenge string

	scopes []string
	silent bool // No page may be shown.
}

// oauthError is an error code of RFC 6749, sections 4.1.2.1 and 5.2, or of
// OpenID Connect Core 1.0, section 3.1.2.6, and a sentence for a developer.
type oauthError struct{ code, description string }

func (e oauthError) values() url.Values {
	return url.Values{"error": {e.code}, "error_description": {e.description}}
}

// trusted says why nothing may be sent to the redirect URI of a request, and
// nothing when it is one of the console's.
func (i *Issuer) trusted(query url.Values) string {
	if ids := query["client_id"]; len(ids) != 1 || ids[0] != ConsoleClient {
		return "The client_id must be " + ConsoleClient + "."
	}
	uris := query["redirect_uri"]
	if len(uris) == 1 && slices.ContainsFunc(i.origins, func(origin string) bool { return uris[0] == origin+signedInPath }) {
		return ""
	}
	return "The redirect_uri must be " + i.origin + signedInPath + "."
}

// parseRequest reads a request whose client and redirect URI are trusted.
func parseRequest(query url.Values) (request, *oauthError) {
	if name := repeated(query); name != "" {
		return request{}, &oauthError{"invalid_request", name + " is there more than once."}
	}
	for _, name := range []string{"request", "request_uri"} {
		if query.Has(name) {
			return request{}, &oauthError{name + "_not_supported", "Send the parameters themselves."}
		}
	}
	r := request{
		redirectURI: query.Get("redirect_uri"), state: query.Get("state"), nonce: query.Get("nonce"),
		challenge: query.Get("code_challenge"), scopes: strings.Fields(query.Get("scope")),
	}
	prompts := strings.Fields(query.Get("prompt"))
	r.silent = slices.Contains(prompts, "none")
	mode := query.Get("response_mode")
	switch {
	case query.Get("response_type") == "":
		return request{}, &oauthError{"invalid_request", "response_type is missing."}
	case query.Get("response_type") != "code":
		return request{}, &oauthError{"unsupported_response_type", "Only the response type code is served."}
	case mode != "" && mode != "query":
		return request{}, &oauthError{"invalid_request", "Only the response mode query is served."}
	case query.Get("code_challenge_method") != "S256" || !challengeForm.MatchString(r.challenge):
		return request{}, &oauthError{"invalid_request", "A code_challenge by S256 is required (RFC 7636)."}
	case r.silent && len(prompts) > 1:
		return request{}, &oauthError{"invalid_request", "The prompt none stands alone."}
	}
	return r, nil
}

// repeated returns the name of a parameter that is there more than once, which
// RFC 6749, section 3.1, forbids.
func repeated(form url.Values) string {
	for name, values := range form {
		if len(values) > 1 {
			return name
		}
	}
	return ""
}

// granted returns the scopes of the API that a person's token gets: those that
// were asked for and the person has, or all of the person's where the request
// names none of the API.
func (r request) granted(p person) []string {
	asked := slices.DeleteFunc(slices.Clone(r.scopes), func(s string) bool { return slices.Contains(identityScopes(), s) })
	if len(asked) == 0 {
		return p.scopes
	}
	return slices.DeleteFunc(slices.Clone(p.scopes), func(s string) bool { return !slices.Contains(asked, s) })
}
