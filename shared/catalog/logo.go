package catalog

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Logo is a simple mark of our own: letters on a colour. It imitates nobody's
// trademark.
type Logo struct {
	Letters string `json:"letters"` // One to three.
	Color   string `json:"color"`   // #rrggbb.
}

var colorPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#[0-9a-f]{6}$`) })

// plainColor stands in for a colour that is none.
const plainColor = "#4a5568"

// SVG returns the mark as a document (SVG 2) whose title is what it stands for.
// It is safe whatever the members hold.
func (l Logo) SVG(title string) string {
	color, letters := l.Color, l.Letters
	if !colorPattern().MatchString(color) {
		color = plainColor
	}
	if n := utf8.RuneCountInString(letters); n == 0 || n > 3 {
		letters = "?"
	}
	size := 28 - 4*utf8.RuneCountInString(letters)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img"><title>%s</title>`+
		`<rect width="48" height="48" rx="10" fill="%s"/><text x="24" y="24" dy=".35em" text-anchor="middle" `+
		`font-family="system-ui,sans-serif" font-weight="600" font-size="%d" fill="%s">%s</text></svg>`,
		html.EscapeString(title), color, size, textColor(color), html.EscapeString(letters))
}

// textColor returns what is read better on a colour, black or white: by the
// contrast ratio of WCAG 2.2, one of them always has more than 4.5.
func textColor(color string) string {
	l := luminance(color)
	if (l+0.05)/0.05 >= 1.05/(l+0.05) {
		return "#000000"
	}
	return "#ffffff"
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1, of a colour #rrggbb.
func luminance(color string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			sum += weight * v / 12.92
		} else {
			sum += weight * math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return sum
}
