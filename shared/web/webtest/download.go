package webtest

// File fails unless the answer has the status and is a file of the media type.
func (a Answer) File(status int, mediaType string) Answer {
	a.t.Helper()
	a.wantStatus(status)
	if got := a.Headers["content-type"]; got != mediaType {
		a.t.Errorf("got content type %q, want %q", got, mediaType)
	}
	return a
}
