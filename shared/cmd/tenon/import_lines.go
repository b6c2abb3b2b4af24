package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
)

// line is one line of the file. Its problem is empty where it can be sent.
type line struct {
	number  int // From 1.
	size    int // Bytes.
	item    api.ConnectionImportItem
	problem string
}

// lines reads a file of items line by line, so that its size does not matter.
type lines struct {
	in     *bufio.Reader
	number int
	seen   map[string]int // Line by external id.
}

func newLines(in io.Reader) *lines {
	return &lines{in: bufio.NewReaderSize(in, 64<<10), seen: map[string]int{}}
}

// next returns the next line that is not blank, or io.EOF.
func (l *lines) next() (line, error) {
	for {
		text, long, err := l.read()
		if err != nil {
			return line{}, err
		}
		l.number++
		if len(bytes.TrimSpace(text)) == 0 && !long {
			continue
		}
		x := line{number: l.number, size: len(text)}
		if x.problem = "Is longer than 240 KiB."; !long {
			x.problem = l.check(text, &x)
		}
		return x, nil
	}
}

// read returns one line without its end. Of one that is too long nothing is kept.
func (l *lines) read() (text []byte, long bool, err error) {
	for {
		part, err := l.in.ReadSlice('\n')
		if long = long || len(text)+len(part) > mostBytes; !long {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (len(text) > 0 || long), err == nil:
			return text, long, nil
		default:
			return nil, false, err
		}
	}
}

// check decodes a line and says what is wrong with it, never a value.
func (l *lines) check(text []byte, x *line) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&x.item); err != nil {
		return wrongJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "Has more than one value."
	}
	i := x.item
	first, twice := l.seen[i.ExternalID]
	switch {
	case i.ExternalID == "" || len(i.ExternalID) > 128:
		return "externalId must be there, with at most 128 characters."
	case twice && first != x.number:
		return "externalId stands in an earlier line too."
	case (i.TemplateID == "") == (i.TemplateKey == ""):
		return "Either templateId or templateKey must be there."
	case i.Name == "":
		return "name must be there."
	case len(i.Credential) > 0 && i.Token != nil:
		return "credential and token exclude each other."
	}
	l.seen[i.ExternalID] = x.number
	return ""
}

// wrongJSON says what kept a line from being read. The text of an error may hold
// a value, so only the names of members are taken from it.
func wrongJSON(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return mistyped.Field + " is of the wrong type."
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "Has the unknown member " + name + "."
	}
	return "Is not the JSON of an item."
}

// countLines returns how many lines of a file are not blank.
func countLines(path string) (int, error) {
	file, err := os.Open(path) //nolint:gosec // The file the caller names.
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	l, count := newLines(file), 0
	for {
		text, long, err := l.read()
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil {
			return 0, err
		}
		if long || len(bytes.TrimSpace(text)) > 0 {
			count++
		}
	}
}
