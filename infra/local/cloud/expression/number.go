package expression

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// DynamoDB numbers have up to 38 significant digits and a magnitude between
// 1E-130 and 9.99E+125 ("Supported data types and naming rules").
const (
	maxDigits   = 38
	maxExponent = 126
	minExponent = -130
)

var numberSyntax = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE]([+-]?\d{1,4}))?$`)

// parseNumber reads a decimal number and returns it in canonical form.
func parseNumber(text string) (Value, error) {
	match := numberSyntax.FindStringSubmatch(text)
	if match == nil || len(text) > 200 {
		return Value{}, errorf("The parameter cannot be converted to a numeric value: %s", text)
	}
	if exponent, _ := strconv.Atoi(match[3]); exponent > 400 || exponent < -400 {
		return Value{}, errRange
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return Value{}, errorf("The parameter cannot be converted to a numeric value: %s", text)
	}
	return numberValue(number)
}

var errRange = errorf("Number overflow. Attempting to store a number with magnitude larger than supported range")

// numberValue returns the canonical value of a decimal fraction, or an error
// when DynamoDB could not store it.
func numberValue(number *big.Rat) (Value, error) {
	text := number.Num().String()
	if !number.IsInt() {
		text = strings.TrimRight(number.FloatString(-minExponent+maxDigits), "0")
	}
	digits := strings.TrimLeft(strings.Replace(strings.TrimPrefix(text, "-"), ".", "", 1), "0")
	if len(strings.TrimRight(digits, "0")) > maxDigits {
		return Value{}, errorf("Attempting to store more than %d significant digits in a Number", maxDigits)
	}
	if digits != "" && !inRange(number) {
		return Value{}, errRange
	}
	return Value{Kind: "N", Number: number, Text: text}, nil
}

func inRange(number *big.Rat) bool {
	magnitude := new(big.Rat).Abs(number)
	ten := big.NewInt(10)
	limit := new(big.Rat).SetInt(new(big.Int).Exp(ten, big.NewInt(maxExponent), nil))
	smallest := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(ten, big.NewInt(-minExponent), nil))
	return magnitude.Cmp(limit) < 0 && magnitude.Cmp(smallest) >= 0
}

func integer(n int) Value {
	return Value{Kind: "N", Number: big.NewRat(int64(n), 1), Text: strconv.Itoa(n)}
}
