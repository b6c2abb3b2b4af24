package auth

// Visitor is who a browser is signed in to the console as. The zero value is a
// browser that is not signed in.
type Visitor struct {
	Home    string // The tenant of the token that signed it in.
	Subject string // Who, within Home.
}

// IsZero reports whether the browser is not signed in.
func (v Visitor) IsZero() bool { return v == Visitor{} }
