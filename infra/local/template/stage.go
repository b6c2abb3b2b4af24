package template

import (
	"bytes"
	"strings"

	"github.com/tenonhq/tenon/shared/environ"
)

// Restage gives a template's stage another name wherever functions use it at run
// time: as a value by itself, that of a tag or a variable, and in the paths
// tenon/<stage>/, tenon-ending/<stage>/ and the like of secrets, aliases and roles.
// Names of resources stay.
func Restage(text []byte, from, to string) []byte {
	text = bytes.ReplaceAll(text, []byte(`"`+from+`"`), []byte(`"`+to+`"`))
	for _, path := range []string{"tenon/", environ.EndingPath(""), environ.BreakGlassPath("")} {
		path = strings.Trim(path, "/") + "/"
		text = bytes.ReplaceAll(text, []byte(path+from+"/"), []byte(path+to+"/"))
	}
	return text
}
