package browser

// Again is an error after which the person can try once more, on a page of ours.
type Again struct {
	Path string // Of the page.
	Err  error
}

// Error implements error. The text is for logs.
func (a *Again) Error() string { return a.Err.Error() }

// Unwrap returns the cause.
func (a *Again) Unwrap() error { return a.Err }
