package simulate

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// systems are the providers of the world: one grant for each connection.
type systems struct {
	grants  []atomic.Int32 // By place: how often the refresh token was replaced; negative when revoked.
	reused  atomic.Int64   // Refresh tokens that were sent after they had been replaced.
	downs   atomic.Int64   // Token requests while the provider was down.
	asked   []atomic.Int32 // Token requests, by the second.
	outage  [2]time.Time   // Of the outage, if there is one: from and until.
	revoked map[int]bool   // By place: grants that ended during the outage.
	kinds   func(int) class
}

func newSystems(n int, d time.Duration, kinds func(int) class) *systems {
	seconds := int(d.Seconds()) + 1
	return &systems{grants: make([]atomic.Int32, n), asked: make([]atomic.Int32, seconds), kinds: kinds}
}

func (s *systems) down(now time.Time) bool {
	return !now.Before(s.outage[0]) && now.Before(s.outage[1])
}

// refreshToken names the grant and how often it was replaced.
func refreshToken(place, times int) string {
	return filled(fmt.Sprintf("rt.%d.%d.", place, times), refreshSize)
}

func accessToken(place, times int) string {
	return filled(fmt.Sprintf("at.%d.%d.", place, times), tokenLength)
}

func filled(text string, length int) string {
	return text + strings.Repeat("x", max(length-len(text), 0))
}

// provider is the systems as an environment calls them.
type provider struct {
	*systems
	*environment
}

// Do implements method.Doer: a POST is a token request, all else is a probe.
func (p provider) Do(req *http.Request) (*http.Response, error) {
	now := p.Now()
	p.spend(providerTime)
	if req.Method != http.MethodPost {
		p.calls[probeRequest]++
		if p.down(now) {
			return answer(req, http.StatusServiceUnavailable, "{}"), nil
		}
		return answer(req, http.StatusOK, `{"id":"1"}`), nil
	}
	p.calls[tokenRequest]++
	tally(p.asked, now)
	if p.down(now) {
		p.downs.Add(1)
		return answer(req, http.StatusServiceUnavailable, `{"error":"temporarily_unavailable"}`), nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	status, text := p.token(form.Get("refresh_token"))
	return answer(req, status, text), nil
}

func (p provider) token(sent string) (int, string) {
	parts := strings.SplitN(sent, ".", 4)
	if len(parts) != 4 {
		return http.StatusBadRequest, `{"error":"invalid_request"}`
	}
	place, _ := strconv.Atoi(parts[1])
	times, _ := strconv.Atoi(parts[2])
	if p.revoked[place] && !p.Now().Before(p.outage[0]) {
		return http.StatusBadRequest, `{"error":"invalid_grant"}`
	}
	if p.kinds(place) != rotating {
		return http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":%d}`, accessToken(place, 0), int(tokenLife.Seconds()))
	}
	if !p.grants[place].CompareAndSwap(int32(times), int32(times)+1) {
		p.reused.Add(1)
		return http.StatusBadRequest, `{"error":"invalid_grant"}`
	}
	return http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":%d,"refresh_token":%q}`,
		accessToken(place, times+1), int(tokenLife.Seconds()), refreshToken(place, times+1))
}

func answer(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}
}

func tally(seconds []atomic.Int32, at time.Time) {
	if second := int(at.Sub(begin) / time.Second); second >= 0 && second < len(seconds) {
		seconds[second].Add(1)
	}
}
