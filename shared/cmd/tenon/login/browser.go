package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/auth"
)

// returned is what a browser came back with.
type returned struct {
	code string
	err  error
}

// signInHere has a browser on this machine bring a code (RFC 6749, section 4.1,
// with PKCE).
func signInHere(ctx context.Context, cfg oauth2.Config, m Metadata, prompt func(Prompt)) (*oauth2.Token, error) {
	redirect, err := url.Parse(auth.LoopbackRedirect)
	if err != nil {
		return nil, fmt.Errorf("redirect URI: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", redirect.Host)
	if err != nil {
		return nil, fmt.Errorf("wait for the browser: %w", err)
	}
	state, verifier, back := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), make(chan returned, 1)
	server := &http.Server{Handler: awaiting(redirect.Path, state, m.Issuer, back), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(ending) // The page that says so is answered to its end.
	}()
	cfg.RedirectURL = auth.LoopbackRedirect
	prompt(Prompt{URL: cfg.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier))})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case b := <-back:
		if b.err != nil {
			return nil, b.err
		}
		return cfg.Exchange(ctx, b.code, oauth2.VerifierOption(verifier))
	}
}

// awaiting answers the browser that comes back. What is not the answer to our
// request is not listened to.
func awaiting(path, state, issuer string, back chan<- returned) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		named := query.Get("iss") // RFC 9207.
		if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 || named != "" && named != issuer {
			page(w, http.StatusBadRequest, "This is not the answer that the terminal waits for.")
			return
		}
		b := returned{code: query.Get("code")}
		text := "You are signed in. Close this page and go back to the terminal."
		if b.code == "" {
			b.err, text = errors.New("the issuer sent no code; it was declined, or the client is not set up"), "You are not signed in. Close this page and go back to the terminal."
		}
		page(w, http.StatusOK, text)
		select {
		case back <- b:
		default: // The first answer counts.
		}
	})
	return mux
}

func page(w http.ResponseWriter, code int, text string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text+"\n")
}
