// Package page makes the opaque cursors of lists. It depends on packages auth
// and fault.
//
// A cursor names a position in one list of one tenant and is authenticated with
// a key in KMS: it works for the tenant, the route and the filters it was made
// for and nothing else. It holds no key of the table.
package page

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// MAC authenticates messages of at most 4,096 bytes.
type MAC interface {
	Sign(ctx context.Context, message []byte) (tag []byte, err error)
	// Verify returns false for a tag that is not of this message.
	Verify(ctx context.Context, message, tag []byte) (bool, error)
}

// Cursors makes and reads cursors.
type Cursors struct{ MAC MAC }

// tagLength is that of HMAC-SHA-256.
const tagLength = 32

// Make returns the cursor of a position; an empty position has none.
func (c Cursors) Make(ctx context.Context, caller auth.Caller, route string, filters []string, position string) (string, error) {
	if position == "" {
		return "", nil
	}
	tag, err := c.MAC.Sign(ctx, message(caller, route, filters, position))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(tag, position...)), nil
}

// Position returns the position of a cursor; that of no cursor is empty. A
// cursor of another tenant, route or filter, or a changed one, is the fault
// invalid_cursor.
func (c Cursors) Position(ctx context.Context, caller auth.Caller, route string, filters []string, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	invalid := fault.New(fault.Invalid, fault.CodeInvalidCursor, "The cursor is not one of this list.")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) <= tagLength {
		return "", invalid
	}
	position := string(raw[tagLength:])
	ok, err := c.MAC.Verify(ctx, message(caller, route, filters, position), raw[:tagLength])
	if err != nil {
		return "", err
	}
	if !ok {
		return "", invalid
	}
	return position, nil
}

// message is unambiguous: every part is preceded by its length.
func message(caller auth.Caller, route string, filters []string, position string) []byte {
	var b strings.Builder
	for _, part := range append([]string{caller.Tenant, route, position}, filters...) {
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		b.WriteString(part)
	}
	return []byte(b.String())
}

// List names one list: what a cursor is bound to.
type List struct {
	Route   string
	Filters []string
}

// Turn answers one page of a list: it reads the cursor, fetches from there on,
// and shows each thing found.
func Turn[T, W any](ctx context.Context, c Cursors, caller auth.Caller, l List, cursor string, fetch func(start string) ([]T, string, error), show func(T) W) ([]W, string, error) {
	start, err := c.Position(ctx, caller, l.Route, l.Filters, cursor)
	if err != nil {
		return nil, "", err
	}
	found, next, err := fetch(start)
	if err != nil {
		return nil, "", err
	}
	shown := make([]W, len(found))
	for i, thing := range found {
		shown[i] = show(thing)
	}
	next, err = c.Make(ctx, caller, l.Route, l.Filters, next)
	return shown, next, err
}
