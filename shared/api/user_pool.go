package api

// TokenEvent is what a Cognito user pool sends before it makes a token, and, with
// the response filled in, what it is answered. What callers may choose themselves,
// clientMetadata, is not read at all.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
type TokenEvent struct {
	Version       string            `json:"version"`       // "2" for people, "3" for machines too.
	TriggerSource string            `json:"triggerSource"` // TokenGeneration_HostedAuth, TokenGeneration_ClientCredentials, …
	Region        string            `json:"region"`
	UserPool      string            `json:"userPoolId"`
	UserName      string            `json:"userName,omitempty"`
	CallerContext map[string]string `json:"callerContext"` // The id of the client under clientId.
	Request       TokenRequest      `json:"request"`
	Response      TokenResponse     `json:"response"`
}

// TokenRequest is who the token is for.
type TokenRequest struct {
	Attributes map[string]string `json:"userAttributes"`     // Of a person.
	Groups     TokenGroups       `json:"groupConfiguration"` // Of a person.
	Scopes     []string          `json:"scopes"`             // Granted by the pool: <resource server>/<scope>.
}

// TokenGroups are the groups a person is in.
type TokenGroups struct {
	Names []string `json:"groupsToOverride"`
}

// TokenResponse is what the token gets beside what the pool puts in.
type TokenResponse struct {
	Overrides *TokenOverrides `json:"claimsAndScopeOverrideDetails"`
}

// TokenOverrides name the token that is changed. The ID token and the groups are
// left out: the pool leaves them as they are.
type TokenOverrides struct {
	Access AccessToken `json:"accessTokenGeneration"`
}

// AccessToken is what is added to the access token.
type AccessToken struct {
	Claims map[string]string `json:"claimsToAddOrOverride"`
	Scopes []string          `json:"scopesToAdd"`
}
