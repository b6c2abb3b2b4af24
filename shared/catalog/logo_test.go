package catalog_test

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

// svg is what a reader of the mark finds.
type svg struct {
	XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	Role    string   `xml:"role,attr"`
	Title   string   `xml:"title"`
	Rect    struct {
		Fill string `xml:"fill,attr"`
	} `xml:"rect"`
	Text struct {
		Fill    string `xml:"fill,attr"`
		Letters string `xml:",chardata"`
	} `xml:"text"`
}

func parse(t *testing.T, text string) svg {
	t.Helper()
	var mark svg
	if err := xml.Unmarshal([]byte(text), &mark); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return mark
}

// Every mark can be read: WCAG 2.2 1.4.3 asks for a contrast of 4.5.
func TestLogos(t *testing.T) {
	t.Parallel()
	for _, id := range catalog.IDs() {
		c := load(t, id)
		mark := parse(t, c.Logo.SVG(c.Name))
		if mark.Title != c.Name || mark.Role != "img" || mark.Text.Letters != c.Logo.Letters || mark.Rect.Fill != c.Logo.Color {
			t.Errorf("%s: %+v", id, mark)
		}
		if got := contrast(t, mark.Text.Fill, mark.Rect.Fill); got < 4.5 {
			t.Errorf("%s: contrast %.2f", id, got)
		}
	}
}

func TestLogoOfAnyColor(t *testing.T) {
	t.Parallel()
	for _, color := range []string{"#000000", "#ffffff", "#777777", "#808080", "#ff0000", "#00ff00", "#0000ff", "#1f4e8c"} {
		mark := parse(t, catalog.Logo{Letters: "A", Color: color}.SVG("A"))
		if got := contrast(t, mark.Text.Fill, mark.Rect.Fill); got < 4.5 || mark.Rect.Fill != color {
			t.Errorf("%s: contrast %.2f on %s", color, got, mark.Rect.Fill)
		}
	}
}

// A mark is safe whatever a connector of an organization says.
func TestHostileLogo(t *testing.T) {
	t.Parallel()
	hostile := `"/><script>alert(1)</script>`
	for _, l := range []catalog.Logo{
		{Letters: "<a>", Color: `#fff" onload="x`}, {Letters: hostile, Color: hostile}, {}, {Letters: "&é", Color: "red"}, {Letters: "\"'<", Color: "#FFFFFF"},
	} {
		text := l.SVG(hostile)
		mark := parse(t, text)
		if strings.Contains(text, "<script") || strings.Contains(text, "onload") || mark.Title != hostile {
			t.Errorf("%+v: %s", l, text)
		}
		if contrast(t, mark.Text.Fill, mark.Rect.Fill) < 4.5 {
			t.Errorf("%+v: cannot be read", l)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := brightness(t, a), brightness(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// brightness is the relative luminance as WCAG 2.2 writes it.
func brightness(t *testing.T, color string) float64 {
	t.Helper()
	if !regexp.MustCompile(`^#[0-9a-f]{6}$`).MatchString(color) {
		t.Fatalf("%q is no colour", color)
	}
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}
