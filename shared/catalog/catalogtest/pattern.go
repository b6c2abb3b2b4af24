package catalogtest

import (
	"hash/fnv"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
)

// repetition is how often what may be repeated without end is repeated at most.
const repetition = 16

// matching returns a text of the pattern, the same for the same name and number.
// It prefers letters and digits. What it returns is still to be tried: a text of
// a pattern with anchors or word boundaries inside may not match.
func matching(pattern, name string, number int) (string, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", err
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // Never fails.
	g := generator{random: rand.New(rand.NewPCG(hash.Sum64(), uint64(number)))}
	g.write(parsed)
	return g.text.String(), nil
}

type generator struct {
	random *rand.Rand
	text   strings.Builder
}

func (g *generator) write(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		g.text.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		g.text.WriteRune(g.oneOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		g.text.WriteRune(g.oneOf([]rune{'a', 'z'}))
	case syntax.OpAlternate:
		g.write(re.Sub[g.random.IntN(len(re.Sub))])
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			g.write(sub)
		}
	case syntax.OpStar:
		g.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		g.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		g.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		g.repeat(re.Sub[0], re.Min, re.Max)
	}
}

// repeat writes single characters often, so that a secret is long, and anything
// else no more often than it must.
func (g *generator) repeat(re *syntax.Regexp, least, most int) {
	times := least
	if re.Op == syntax.OpCharClass && most != 1 {
		times = max(least, repetition)
		if most >= 0 {
			times = min(times, most)
		}
	}
	for range times {
		g.write(re)
	}
}

// oneOf picks from a class of pairs: a letter or a digit, if it has one.
func (g *generator) oneOf(class []rune) rune {
	var plain []rune
	for i := 0; i < len(class); i += 2 {
		for _, wanted := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" {
			if class[i] <= wanted && wanted <= class[i+1] {
				plain = append(plain, wanted)
			}
		}
	}
	if len(plain) == 0 {
		return class[0]
	}
	return plain[g.random.IntN(len(plain))]
}
