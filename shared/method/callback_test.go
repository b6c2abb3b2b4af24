package method_test

import (
	"maps"
	"net/url"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// The sample that Shopify's libraries are tested with.
const (
	sampleCallback = "code=0907a61c0c8d55e99db179b68161bc00&hmac=700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf" +
		"&shop=some-shop.myshopify.com&state=0.6784241404160823&timestamp=1337178173"
	sampleKey = "hush"
)

func TestCallbackSigned(t *testing.T) {
	t.Parallel()
	signing := catalog.CallbackHMAC{
		Parameter: "hmac", Timestamp: "timestamp", Seconds: 90, Values: map[string]string{"shop": "{shop}.myshopify.com"},
	}
	at := time.Unix(1337178173, 0)
	for name, test := range map[string]struct {
		change func(url.Values)
		shop   string
		keys   []string
		now    time.Time
		want   bool
	}{
		"the documented sample":   {want: true},
		"upper case":              {change: set("hmac", "700E2DADB827FCC8609E9D5CE208B2E9CDAAB9DF07390D2CBCA10D7C328FC4BF"), want: true},
		"with the former key":     {keys: []string{"new", sampleKey}, want: true},
		"at the end of its time":  {now: at.Add(90 * time.Second), want: true},
		"by a clock behind":       {now: at.Add(-90 * time.Second), want: true},
		"of another key":          {keys: []string{"new"}},
		"of no key":               {keys: []string{}},
		"of an empty key":         {keys: []string{""}, change: set("hmac", "eba7b6e451569891ca1f7612ba60ad02149b8c9e1677e05484038f77613f530d")},
		"too late":                {now: at.Add(91 * time.Second)},
		"of the future":           {now: at.Add(-91 * time.Second)},
		"of another shop":         {shop: "other"},
		"another code":            {change: set("code", "x")},
		"one more parameter":      {change: set("host", "x")},
		"one parameter less":      {change: func(q url.Values) { q.Del("state") }},
		"no signature":            {change: func(q url.Values) { q.Del("hmac") }},
		"an empty signature":      {change: set("hmac", "")},
		"half a signature":        {change: set("hmac", "700e2dadb827fcc8609e9d5ce208b2e9")},
		"no hex":                  {change: set("hmac", "zz")},
		"two signatures":          {change: func(q url.Values) { q.Add("hmac", q.Get("hmac")) }},
		"a parameter twice":       {change: func(q url.Values) { q.Add("shop", q.Get("shop")) }},
		"another code in advance": {change: func(q url.Values) { q["code"] = []string{"x", q.Get("code")} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(sampleCallback)
			if err != nil {
				t.Fatal(err)
			}
			if test.change != nil {
				test.change(query)
			}
			keys := []secret.Bytes{secret.FromString(sampleKey)}
			if test.keys != nil {
				keys = nil
			}
			for _, key := range test.keys {
				keys = append(keys, secret.FromString(key))
			}
			if test.shop == "" {
				test.shop = "some-shop"
			}
			if test.now.IsZero() {
				test.now = at
			}
			given := maps.Clone(query)
			values := map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: test.shop}}
			if got := method.CallbackSigned(signing, query, values, keys, test.now); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
			if len(given) != len(query) {
				t.Error("the query was changed")
			}
		})
	}
}

func set(name, value string) func(url.Values) {
	return func(q url.Values) { q.Set(name, value) }
}
