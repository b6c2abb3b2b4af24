package infra

import "fmt"

// problems are what is wrong with a configuration, one sentence each.
type problems []error

// when adds a problem if there is one.
func (s *problems) when(wrong bool, format string, args ...any) {
	if wrong {
		*s = append(*s, fmt.Errorf(format, args...))
	}
}
