package outage

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/notify"
)

// The endpoints of a provider, each with a record of its own.
const (
	EndpointToken = "token"
	EndpointAPI   = "api"
)

const apiPrefix = EndpointAPI + ":"

// API names the API of a connector, in the sense of Pass.Provider. One with hosts
// of its own is the same for all; of one without it is the host that the
// connection calls, and the tenant that calls it, so that no tenant can spoil what
// another one is told of a host. It is empty, and nothing is known of it, where
// there is no such host.
func API(connector catalog.Connector, tenant, baseURL string) string {
	for _, host := range connector.Hosts {
		if names := catalog.Names(host); len(names) != 1 || host != "{"+names[0]+"}" {
			return apiPrefix + connector.ID
		}
	}
	return hostAPI(tenant, baseURL)
}

func hostAPI(tenant, baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" {
		return ""
	}
	return apiPrefix + tenant + " " + u.Host
}

// Endpoint returns which endpoint of the provider the record is of.
func (r *Record) Endpoint() string {
	if strings.HasPrefix(r.Provider, apiPrefix) {
		return EndpointAPI
	}
	return EndpointToken
}

// Name returns the provider without its endpoint.
func (r *Record) Name() string { return strings.TrimPrefix(r.Provider, apiPrefix) }

// When connections that fail together are an incident of their provider.
const (
	examineTime  = 10 * time.Minute
	leastFailing = 20  // Different connections; leastRamping while the provider recovers.
	leastOthers  = 5   // So many are not of the tenant with most of them, else the incident is that tenant's.
	mostFailing  = 256 // So many are told apart. Where more well ones were seen before, the next ten minutes decide.
)

// For returns the monitor for the connections of a tenant. What only the
// connections of one tenant show is an incident of that tenant, so that none can
// keep others from being told of their own.
func (m *Monitor) For(tenant string) *Monitor {
	of := *m
	of.tenant = tenant
	return &of
}

// Look returns how a provider does, for who calls it whatever that is, or does
// not call it now.
func (m *Monitor) Look(ctx context.Context, provider string) Pass {
	r, err := m.Store.Get(ctx, provider)
	if err != nil {
		slog.WarnContext(ctx, "read provider", "provider", provider, "error", err)
	}
	return Pass{Provider: provider, seen: r, stopped: r.concerns(m.tenant)}
}

// Stopped reports whether the provider was in an incident when it was looked at.
func (p Pass) Stopped() bool { return p.stopped }

// Lasting reports whether the provider is in an incident that is no reason any
// more not to believe what it says of an account.
func (p Pass) Lasting(now time.Time) bool {
	return p.stopped && now.Sub(p.seen.OpenedAt) >= longestHold
}

// RecoveredAt returns when the last incident ended; zero while there is one, and
// where there was none.
func (p Pass) RecoveredAt() time.Time { return p.seen.RecoveredAt }

// Examined notes how one connection to an API does, and reports whether its
// provider is in an incident, in which what is found of one connection says
// nothing about that. Many connections that fail within ten minutes, which are
// most of those examined, begin one; a canary that does well ends it.
func (m *Monitor) Examined(ctx context.Context, p Pass, connectionID string, well bool) (stopped bool) {
	now := m.Now().UTC()
	began, over := false, false
	stopped = p.Stopped()
	if p.Provider == "" || stopped && !(p.probe && well) || well && !p.probe && !p.seen.examining(now) {
		return stopped
	}
	m.update(ctx, p, func(r *Record) {
		began, over = false, well && p.probe && r.open()
		if over {
			r.close(now)
		}
		if !well || r.examining(now) {
			began = r.examine(now, m.tenant, connectionID, well)
		}
		stopped = r.concerns(m.tenant)
	})
	if over {
		m.publish(ctx, notify.ProviderOutage, p.Provider, "ended", now)
	}
	if began {
		m.publish(ctx, notify.ProviderOutage, p.Provider, "began", now)
	}
	return stopped
}

// examining reports whether connections are being counted.
func (r *Record) examining(now time.Time) bool {
	return len(r.Failing) > 0 && now.Sub(r.ExaminedAt) < examineTime
}

// examine adds a connection that was examined, and reports whether that began an
// incident.
func (r *Record) examine(now time.Time, tenant, connectionID string, well bool) (began bool) {
	if !r.open() && !r.examining(now) {
		r.ExaminedAt, r.Well, r.Failing = now, 0, nil
	}
	switch mark := tenantMark(tenant)<<32 | hash(connectionID); {
	case well:
		r.Well++
	case (r.open() || len(r.Failing) < mostFailing) && !slices.Contains(r.Failing, mark):
		r.Failing = append(slices.Clone(r.Failing), mark)
	}
	least := leastFailing
	if r.ramping(now) {
		least = leastRamping
	}
	if r.open() || len(r.Failing) < least || len(r.Failing) <= r.Well {
		return false
	}
	r.OpenedAt, r.ProbeAt, r.RecoveredAt = now, now.Add(probePause), time.Time{}
	return true
}

// concerns reports whether the provider is in an incident that is one of the
// tenant: its own connections show it, or those of several tenants do.
func (r *Record) concerns(tenant string) bool {
	if !r.open() {
		return false
	}
	counts, most := map[int64]int{}, int64(0)
	for _, mark := range r.Failing {
		of := mark >> 32
		if counts[of]++; counts[of] > counts[most] {
			most = of
		}
	}
	return len(r.Failing)-counts[most] >= leastOthers || len(r.Failing) == 0 || most == tenantMark(tenant)
}

func tenantMark(tenant string) int64 { return hash(tenant) >> 1 }

func hash(s string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // Never fails.
	return int64(h.Sum32())
}

// ErrStopped is the cause of a refusal that is about the provider, which is in
// trouble for everyone, and says nothing about a connection.
var ErrStopped = errors.New("the provider is in trouble for everyone")
