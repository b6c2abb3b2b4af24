package template

import "bytes"

// Restage gives a template's stage another name wherever functions use it at run
// time: as a value by itself, that of a tag or a variable, and in the paths
// tenon/<stage>/ of secrets, aliases and roles. Names of resources stay.
func Restage(text []byte, from, to string) []byte {
	text = bytes.ReplaceAll(text, []byte(`"`+from+`"`), []byte(`"`+to+`"`))
	return bytes.ReplaceAll(text, []byte("tenon/"+from+"/"), []byte("tenon/"+to+"/"))
}
