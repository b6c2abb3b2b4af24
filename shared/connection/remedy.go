package connection

// Remedy says what ends the reason: reconnect, fix_input, contact_admin,
// grant_permissions or retry; empty for what is no trouble.
func (r Reason) Remedy() string { return advice[r][0] }

// Message says the reason in one plain sentence.
func (r Reason) Message() string { return advice[r][1] }
