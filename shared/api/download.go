package api

// Download is an answer that is saved rather than read, and may be one part of
// several.
type Download struct {
	Name      string // Of the file: "audit.csv".
	MediaType string
	Text      string
	Next      string // The cursor of the next part; empty with the last.
	NextPath  string // Path and query of the next part.
}
