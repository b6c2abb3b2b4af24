package demo

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// visitor is a browser without a screen. It keeps the cookies itself: those of
// the handoff are Secure, and a cookie jar would not send them over the plain
// HTTP of this machine, as browsers do.
type visitor struct {
	http    *http.Client
	cookies map[string]map[string]string // By host, then name.
}

// page is what the visitor sees.
type page struct {
	address *url.URL
	html    string
}

var (
	heading = regexp.MustCompile(`(?s)<h1>(.*?)</h1>`)
	message = regexp.MustCompile(`(?s)<p[^>]*>(.*?)</p>`)
	action  = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	hidden  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

func (p page) title() string { return first(heading, p.html) }

// open goes to the address and wherever it leads.
func (v visitor) open(ctx context.Context, address string) (page, error) {
	return v.follow(ctx, http.MethodGet, address, "")
}

// submit sends the form of the page with what the person chose.
func (v visitor) submit(ctx context.Context, p page, chosen url.Values) (page, error) {
	target, err := p.address.Parse(first(action, p.html))
	if err != nil || !action.MatchString(p.html) {
		return page{}, fmt.Errorf("the page %q has no form", p.title())
	}
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(p.html, -1) {
		form.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for name, values := range chosen {
		form[name] = values
	}
	return v.follow(ctx, http.MethodPost, target.String(), form.Encode())
}

// follow sends a request and follows redirects, with GET as for 303.
func (v visitor) follow(ctx context.Context, method, address, form string) (page, error) {
	for range 10 {
		p, next, err := v.visit(ctx, method, address, form)
		if err != nil || next == "" {
			return p, err
		}
		method, address, form = http.MethodGet, next, ""
	}
	return page{}, errors.New("the pages redirect for ever")
}

func (v visitor) visit(ctx context.Context, method, address, form string) (page, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form))
	if err != nil {
		return page{}, "", errors.New("a page leads to something that is no address")
	}
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range v.cookies[req.URL.Host] {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := v.http.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		return page{}, "", failed.Err // The address holds a ticket or a code.
	}
	if err != nil {
		return page{}, "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return page{}, "", fmt.Errorf("read the page: %w", err)
	}
	v.keep(req.URL.Host, res.Cookies())
	p := page{address: req.URL, html: string(text)}
	if res.StatusCode == http.StatusSeeOther || res.StatusCode == http.StatusFound {
		next, err := res.Location()
		if err != nil {
			return p, "", errors.New("a redirect leads nowhere")
		}
		return p, next.String(), nil
	}
	if res.StatusCode != http.StatusOK {
		return p, "", fmt.Errorf("%s: %s (status %d)", p.title(), first(message, p.html), res.StatusCode)
	}
	return p, "", nil
}

func (v visitor) keep(host string, cookies []*http.Cookie) {
	if v.cookies[host] == nil {
		v.cookies[host] = map[string]string{}
	}
	for _, c := range cookies {
		if v.cookies[host][c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies[host], c.Name)
		}
	}
}

// first returns the text of the first match, or nothing.
func first(re *regexp.Regexp, text string) string {
	m := re.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}
