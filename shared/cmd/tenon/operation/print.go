package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/routes"
)

// printer shows answers.
type printer struct {
	Streams
	json    bool
	columns []string // Of a list; some of the first fields when empty.
}

// hidden stands where a secret is.
const hidden = "(hidden; --reveal shows it)"

// one shows an answer that is no list.
func (p printer) one(r *routes.Route, body json.RawMessage, reveal bool) error {
	if len(body) == 0 {
		_, err := fmt.Fprintln(p.Err, "Done.")
		return err
	}
	if p.json {
		if !reveal {
			return status.Wrong("the JSON of a lease holds the credential: say --reveal, too")
		}
		return p.line(body)
	}
	value := reflect.New(r.Out())
	if err := json.Unmarshal(body, value.Interface()); err != nil {
		return fmt.Errorf("decode the answer: %w", err)
	}
	if lease, ok := value.Interface().(*api.Lease); ok && !reveal {
		conceal(lease)
	}
	var text strings.Builder
	describeValue(&text, value.Elem())
	_, err := io.WriteString(p.Out, text.String())
	return err
}

// conceal takes what is secret out of a lease.
func conceal(l *api.Lease) {
	for _, place := range []map[string]string{l.Headers, l.Query, l.Values} {
		for name := range place {
			place[name] = hidden
		}
	}
	if l.AccessToken != "" {
		l.AccessToken = hidden
	}
}

// line prints JSON as the API wrote it, on one line.
func (p printer) line(text json.RawMessage) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return fmt.Errorf("decode the answer: %w", err)
	}
	compact.WriteByte('\n')
	_, err := p.Out.Write(compact.Bytes())
	return err
}

// listed shows a list at its end.
func (p printer) listed(items reflect.Value, n int, more bool) error {
	if !p.json && n > 0 {
		chosen := p.columns
		if len(chosen) == 0 {
			chosen = firstFields(items.Type().Elem())
		}
		if _, err := io.WriteString(p.Out, table(items, chosen, "")); err != nil {
			return err
		}
	}
	switch {
	case more:
		_, err := fmt.Fprintf(p.Err, "These are the first %d; --limit 0 shows all.\n", n)
		return err
	case n == 0 && !p.json:
		_, err := fmt.Fprintln(p.Err, "There is none.")
		return err
	}
	return nil
}
