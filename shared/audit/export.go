package audit

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
)

// The bounds of one page of an export: bytes of its text, and entries looked at.
// API Gateway answers with 10 MB and Lambda with 6 MB at most.
const (
	exportBytes = 900 << 10
	exportReads = 4 * ReadLimit
	exportList  = 500
)

// Exported is one page of an export.
type Exported struct {
	Text []byte
	Next string // The id to go on after; empty at the end.
}

// Export writes what the query selects, oldest first, as a format does. An
// export lets out all that was recorded, so that it is recorded itself, each
// page for itself. q.After is where to go on; Limit and order do not count.
func (l *Log) Export(ctx context.Context, caller auth.Caller, f Format, q Query) (Exported, error) {
	if err := l.CheckFor(ctx, caller, Export, "", "", map[string]string{"format": f.Name()}); err != nil {
		return Exported{}, err
	}
	var page Exported
	if q.After == "" {
		page.Text = f.Begin()
	}
	q.Oldest, q.Limit = true, exportList
	for read := 0; read < exportReads; read += ReadLimit {
		found, next, err := l.Store.List(ctx, caller.Tenant, q)
		if err != nil {
			return Exported{}, err
		}
		for _, e := range found {
			text, err := f.Entry(e)
			if err != nil {
				return Exported{}, err
			}
			if len(page.Text)+len(text) > exportBytes && page.Next != "" {
				return page, nil
			}
			page.Text, page.Next = append(page.Text, text...), e.ID
		}
		if page.Next = next; next == "" {
			break
		}
		q.After = next
	}
	return page, nil
}
