package api

// ServerProbe asks to log in to a server once. Who is to log in where, and with
// what, is sealed under the tenant's key and opens nowhere else.
type ServerProbe struct {
	Tenant   string `json:"tenant"`
	ID       string `json:"id"`       // Drawn for this request.
	SealedAt int64  `json:"sealedAt"` // Seconds since 1970; the request is good for a minute.
	Sealed   []byte `json:"sealed"`
}

// ServerProbed says how the login went, or why it was not tried.
type ServerProbed struct {
	Outcome     string   `json:"outcome,omitempty"`
	Message     string   `json:"message,omitempty"`
	AccountID   string   `json:"accountId,omitempty"`
	AccountName string   `json:"accountName,omitempty"`
	HostKey     string   `json:"hostKey,omitempty"` // That an SSH server showed.
	Members     any      `json:"members,omitempty"` // What else is known of the server.
	Refusal     *Refusal `json:"refusal,omitempty"` // Instead of all that.
}

// Refusal is a request that would be refused again: what was asked for is not
// allowed.
type Refusal struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}
