package operation

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/secret"
)

// fileLimit is what a file with a value may hold, in bytes; the API takes less.
const fileLimit = 1 << 20

// bare matches a revision as the API's answers have it.
var bare = regexp.MustCompile(`^[0-9]+$`)

// request puts what the form has into a request.
func (c *Command) request(stdin io.Reader) (reflect.Value, error) {
	in := reflect.New(c.Route.In()).Elem()
	for _, f := range c.fields {
		from, to := c.form.Elem().FieldByName(f.name), in.FieldByIndex(f.at)
		if from.IsZero() {
			continue
		}
		switch {
		case f.file:
			if err := readInto(to, from.String(), stdin); err != nil {
				return in, status.Wrong("read %s: %w", sourceOf(from.String()), err)
			}
		case from.Type() == to.Type():
			to.Set(from)
		default: // A list that is told from an absent one.
			list := from.Interface().([]string)
			if len(list) == 1 && list[0] == "" {
				list = []string{}
			}
			to.Set(reflect.ValueOf(&list))
		}
		if name := c.Route.In().FieldByIndex(f.at).Tag.Get("header"); name == "If-Match" && bare.MatchString(to.String()) {
			to.SetString(strconv.Quote(to.String()))
		}
	}
	return in, nil
}

// sourceOf names what a value is read from.
func sourceOf(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// readInto reads a value from a file, or standard input. What an error says holds
// nothing of it.
func readInto(to reflect.Value, name string, stdin io.Reader) error {
	text, err := readFile(name, stdin)
	if err != nil {
		return err
	}
	if isText(to.Type()) {
		value := secret.New(bytes.TrimRight(text, "\r\n"))
		if value.IsZero() {
			return errors.New("it is empty")
		}
		if to.Kind() == reflect.Pointer {
			to.Set(reflect.ValueOf(&value))
		} else {
			to.Set(reflect.ValueOf(value))
		}
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(to.Addr().Interface()) != nil || d.Decode(new(json.RawMessage)) != io.EOF {
		return fmt.Errorf("it is not the JSON of %s", describe(to.Type()))
	}
	return nil
}

// describe names the form that the JSON of a value has.
func describe(t reflect.Type) string {
	if t == reflect.TypeFor[map[string]secret.Bytes]() {
		return `a credential, such as {"apiKey": "…"}`
	}
	if t.Kind() == reflect.Slice {
		return "a list as the API has it"
	}
	return "an object as the API has it"
}

func readFile(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // The user named it.
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, fileLimit+1))
	if err != nil {
		return nil, err
	}
	if len(text) > fileLimit {
		return nil, errors.New("it holds more than 1 MiB")
	}
	return text, nil
}

// confirm asks the person at the terminal whether to go on.
func (c *Command) confirm(s Streams) error {
	if !confirms(c.Route) || c.flag("Yes") || c.flag("FieldDryRun") {
		return nil
	}
	if !s.Terminal {
		return status.Wrong("say --yes, since nobody can be asked")
	}
	_, _ = fmt.Fprintf(s.Err, "tenon %s %s\n%s\nGo on? [y/N] ", strings.Join(c.Path, " "), strings.Join(c.arguments(), " "), c.Route.Summary)
	answer, _ := bufio.NewReader(s.In).ReadString('\n') // No answer is none.
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was done")
	}
	return nil
}

// arguments are the values of the path's parameters.
func (c *Command) arguments() []string {
	var values []string
	for _, f := range c.fields {
		if c.Route.In().FieldByIndex(f.at).Tag.Get("path") != "" {
			values = append(values, Plain(c.form.Elem().FieldByName(f.name).String()))
		}
	}
	return values
}
