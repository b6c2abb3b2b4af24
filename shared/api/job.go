package api

import "time"

// Tick is what a schedule sends to its job. Time is when the run was due.
type Tick struct {
	Time time.Time `json:"time"`
}

// Sweep says what a run did.
type Sweep struct {
	Due    int `json:"due"`    // Entries the index named.
	Done   int `json:"done"`   // Entries acted upon.
	Failed int `json:"failed"` // Entries left for the next run.
}
