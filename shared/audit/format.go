package audit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Format writes entries as text.
type Format interface {
	Name() string      // "csv".
	MediaType() string // "text/csv; charset=utf-8".
	Begin() []byte     // What stands before the first entry.
	Entry(e Entry) ([]byte, error)
}

// FormatOf returns the format of a name, NDJSON for any that is not csv.
func FormatOf(name string) Format {
	if name == (table{}).Name() {
		return table{}
	}
	return lines{}
}

// lines is one JSON object per line, as the API shows an entry.
type lines struct{}

// Name implements Format.
func (lines) Name() string { return "ndjson" }

// MediaType implements Format.
func (lines) MediaType() string { return "application/x-ndjson" }

// Begin implements Format.
func (lines) Begin() []byte { return nil }

// Entry implements Format.
func (lines) Entry(e Entry) ([]byte, error) {
	text, err := json.Marshal(e.API())
	if err != nil {
		return nil, fmt.Errorf("write entry %s: %w", e.ID, err)
	}
	return append(text, '\n'), nil
}

// table is CSV (RFC 4180) that a spreadsheet can open without running anything.
// It drops carriage returns within cells; lines is exact.
type table struct{}

// Name implements Format.
func (table) Name() string { return "csv" }

// MediaType implements Format.
func (table) MediaType() string { return "text/csv; charset=utf-8" }

// Begin implements Format.
func (table) Begin() []byte {
	return []byte("id,at,actor,action,resource,outcome,reason,requestId,sourceIp,facts\r\n")
}

// Entry implements Format.
func (table) Entry(e Entry) ([]byte, error) {
	facts := ""
	if len(e.Facts) > 0 {
		text, err := json.Marshal(e.Facts)
		if err != nil {
			return nil, fmt.Errorf("write entry %s: %w", e.ID, err)
		}
		facts = string(text)
	}
	cells := []string{
		e.ID, e.At.UTC().Format(time.RFC3339Nano), e.Actor, string(e.Action), e.Resource, e.Outcome, e.Reason, e.RequestID, e.SourceIP, facts,
	}
	for i, cell := range cells {
		cells[i] = inert(cell)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(cells); err != nil {
		return nil, fmt.Errorf("write entry %s: %w", e.ID, err)
	}
	w.Flush()
	return b.Bytes(), nil
}

// formulas are what a spreadsheet takes for the beginning of one, in either
// width (OWASP, CSV Injection).
const formulas = "=+-@\t\r\n＝＋－＠"

// breaks are where a spreadsheet that separates cells otherwise may begin another
// one, though it is within quotes.
const breaks = ";\t\r\n"

// inert makes text of what a spreadsheet would run, at the beginning of the cell
// and of any that it may be taken apart into.
func inert(cell string) string {
	var b strings.Builder
	begins := true
	for _, r := range cell {
		if begins && strings.ContainsRune(formulas, r) {
			b.WriteByte('\'')
		}
		begins = strings.ContainsRune(breaks, r)
		b.WriteRune(r)
	}
	return b.String()
}
