package method

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
)

// CallbackSigned reports whether one of the keys signed the parameters of a
// callback, not long before or after now, for the account of these values. A
// parameter that stands twice could be read in two ways and is refused.
func CallbackSigned(h catalog.CallbackHMAC, query url.Values, values map[string]catalog.Value, keys []secret.Bytes, now time.Time) bool {
	signed := url.Values{}
	for name, given := range query {
		if len(given) != 1 {
			return false
		}
		if name != h.Parameter {
			signed[name] = given
		}
	}
	mac, err := hex.DecodeString(query.Get(h.Parameter))
	if err != nil || !anySigned(signed, mac, keys) {
		return false
	}
	at, err := strconv.ParseInt(query.Get(h.Timestamp), 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > time.Duration(h.Seconds)*time.Second {
		return false
	}
	vars := variables(Target{Values: values}, nil)
	for name, template := range h.Values {
		want, err := catalog.ExpandText(template, vars)
		if err != nil || query.Get(name) != want {
			return false
		}
	}
	return true
}

// anySigned compares in constant time, and with every key. The empty key, which
// anyone could sign with, is none.
func anySigned(query url.Values, mac []byte, keys []secret.Bytes) bool {
	message := strings.ReplaceAll(query.Encode(), "+", "%20")
	found := false
	for _, key := range keys {
		if key.IsZero() {
			continue
		}
		hash := hmac.New(sha256.New, []byte(key.Reveal()))
		_, _ = hash.Write([]byte(message)) // Never fails.
		found = hmac.Equal(hash.Sum(nil), mac) || found
	}
	return found
}
