package catalog_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
)

// hostile would leave the element or the attribute it stands in.
const hostile = `"/></a><b x='&amp;]]><!--é`

// A value stays one value, whatever it holds.
func TestXMLHoldsAnyValue(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"v": hostile}
	for _, media := range []string{"text/xml; charset=utf-8", "application/soap+xml"} {
		body, err := catalog.ExpandBody(media, `<a x="{v}">{v}</a>`, vars)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			X    string `xml:"x,attr"`
			Text string `xml:",chardata"`
			Rest string `xml:",innerxml"`
		}
		if err := xml.Unmarshal([]byte(body), &got); err != nil || got.X != hostile || got.Text != hostile || strings.Contains(got.Rest, "<") {
			t.Errorf("%s: %s reads as %q, %q, %v", media, body, got.X, got.Text, err)
		}
	}
}

// What XML has no form for would reach the system as another password.
func TestXMLRefusesWhatItCannotHold(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a\x00", "a\nb", "a\x1b", "a\u0085", "a\ufffe", "a\xff"} {
		got, err := catalog.ExpandBody("text/xml", "<a>{v}</a>", map[string]string{"v": text})
		if err == nil || strings.Contains(err.Error(), text) {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

// A value of a placement that is XML is escaped, and no other is.
func TestXMLValue(t *testing.T) {
	t.Parallel()
	p := catalog.Placement{Values: map[string]string{"header": "<u>{password}</u>", "password": "{password}", "absent": "<u>{other}</u>"}}
	got, err := p.ExpandValues(map[string]string{"password": "a<b&c"})
	want := map[string]string{"header": "<u>a&lt;b&amp;c</u>", "password": "a<b&c"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
