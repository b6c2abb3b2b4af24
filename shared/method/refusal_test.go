package method_test

import (
	"errors"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// Only a definitive refusal speaks about the
// credential, and a refused client only about the template.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer method.Answer
		want   error // Nil: neither of the two.
		code   fault.Code
	}{
		"TOK-13 invalid_grant":           {answer(400, `{"error":"invalid_grant"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-13 Invalid_Grant":           {answer(400, `{"error":"Invalid_Grant"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-13 form-encoded":            {answer(400, `error=invalid_grant`), method.Definitive, fault.CodeReauthRequired},
		"TOK-13 invalid_grant with 401":  {answer(401, `{"error":"invalid_grant"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-02 GitHub, status 200":      {answer(200, `{"error":"bad_refresh_token"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-02 Zoho, status 200":        {answer(200, `{"error":"invalid_code"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-02 GitHub, form":            {answer(200, `error=bad_verification_code&error_description=x`), method.Definitive, fault.CodeReauthRequired},
		"TOK-02 Slack, status 200":       {answer(200, `{"ok":false,"error":"invalid_refresh_token"}`), method.Definitive, fault.CodeReauthRequired},
		"TOK-02 Slack, no reason":        {answer(200, `{"ok":false,"access_token":"tok"}`), nil, fault.CodeProviderError},
		"TOK-13 invalid_client":          {answer(401, `{"error":"invalid_client"}`), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 unauthorized_client":     {answer(400, `{"error":"unauthorized_client"}`), method.ClientRefused, fault.CodeProviderError},
		"TOK-02 GitHub's client":         {answer(200, `{"error":"incorrect_client_credentials"}`), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 401 of its own kind":     {answer(401, `{"error":"strange"}`), nil, fault.CodeProviderError},
		"TOK-13 401 without JSON":        {answer(401, `denied`), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 400 without JSON":        {answer(400, `denied`), nil, fault.CodeProviderError},
		"TOK-13 400 with nothing":        {answer(400, ``), nil, fault.CodeProviderError},
		"TOK-13 400 with a token":        {answer(400, `{"access_token":"tok"}`), nil, fault.CodeProviderError},
		"TOK-13 error an object":         {answer(400, `{"error":{"code":190,"type":"invalid_grant"}}`), nil, fault.CodeProviderError},
		"TOK-13 error a list":            {answer(200, `{"error":["invalid_grant"],"access_token":"tok"}`), nil, fault.CodeProviderError},
		"TOK-13 error an object, 401":    {answer(401, `{"error":{"code":"invalid_client"}}`), nil, fault.CodeProviderError},
		"TOK-13 error a list of objects": {answer(400, `{"error":[{"code":"invalid_grant"}]}`), nil, fault.CodeProviderError},
		"TOK-13 error a number":          {answer(400, `{"error":190}`), nil, fault.CodeProviderError},
		"TOK-13 error true":              {answer(200, `{"error":true,"access_token":"tok"}`), nil, fault.CodeProviderError},
		"TOK-13 INVALID_CLIENT":          {answer(400, `{"error":"INVALID_CLIENT"}`), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 401 with nothing":        {answer(401, ``), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 401 with a page":         {answer(401, `<html>`), method.ClientRefused, fault.CodeProviderError},
		"TOK-13 403 without JSON":        {answer(403, `<html>`), nil, fault.CodeProviderError},
		"TOK-13 unknown code":            {answer(400, `{"error":"temporarily_strange"}`), nil, fault.CodeProviderError},
		"OUT-01 500":                     {answer(500, `{"error":"server_error"}`), nil, fault.CodeProviderUnavailable},
		"OUT-01 502 page":                {answer(502, `<html>`), nil, fault.CodeProviderUnavailable},
		"OUT-01 429":                     {answer(429, `{}`), nil, fault.CodeProviderUnavailable},
		"TOK-13 302":                     {answer(302, ``), nil, fault.CodeProviderError},
		"TOK-13 code in the description": {answer(400, `{"error":"x","error_description":"invalid_grant"}`), nil, fault.CodeProviderError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.answer.Parse(catalog.Refresh{})
			if !fault.Has(err, c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
			for _, special := range []error{method.Definitive, method.ClientRefused} {
				if got, want := errors.Is(err, special), special == c.want; got != want {
					t.Errorf("is %v: got %v, want %v", special, got, want)
				}
			}
		})
	}
}

// Only where nobody can tell what became of the request is the outcome unknown.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer method.Answer
		want   bool
	}{
		"500":                       {answer(500, `{"error":"server_error"}`), true},
		"502 of a gateway":          {answer(502, `<html>`), true},
		"504 of a gateway":          {answer(504, ``), true},
		"524 of a gateway":          {answer(524, `<html>`), true},
		"500 that is a refusal":     {answer(500, `{"error":"invalid_grant"}`), false},
		"500 that refuses a client": {answer(500, `{"error":"invalid_client"}`), false},
		"503":                       {answer(503, `<html>`), false},
		"429":                       {answer(429, `{}`), false},
		"400":                       {answer(400, `{"error":"invalid_request"}`), false},
		"400 without JSON":          {answer(400, ``), false},
		"401":                       {answer(401, ``), false},
		"200 with a token":          {answer(200, `{"access_token":"tok"}`), false},
		"200 with a refusal":        {answer(200, `{"error":"bad_refresh_token"}`), false},
		"200 with an error":         {answer(200, `{"ok":false,"error":"ratelimited"}`), false},
		"200 with a page":           {answer(200, `<html>`), true},
		"200 with nothing":          {answer(200, ``), true},
		"200 truncated":             {answer(200, `{"access_token":"tok","refresh_tok`), true},
		"200 without a token":       {answer(200, `{"expires_in":3600}`), true},
		"200 with a broken token":   {answer(200, `{"access_token":"tok\r\n"}`), true},
		"200 with a mac token":      {answer(200, `{"access_token":"tok","token_type":"mac"}`), true},
		"200 with error and token":  {answer(200, `{"error":0,"access_token":"tok","refresh_token":"ref"}`), true},
		"204":                       {answer(204, ``), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.answer.Unknown(); got != c.want {
				t.Errorf("Unknown: got %v, want %v", got, c.want)
			}
		})
	}
}
