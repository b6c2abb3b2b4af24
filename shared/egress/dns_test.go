package egress_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
)

// The record types of DNS (RFC 1035 3.2.2, RFC 3596 2.1).
const (
	typeA    = 1
	typeAAAA = 28
)

// nameServer answers every name with the addresses of the current round. A
// round ends when both record types were asked for; the last one stays.
type nameServer struct {
	mu     sync.Mutex
	rounds [][]netip.Addr
	asked  map[uint16]int
}

// resolver returns a resolver that asks a name server in this process.
func resolver(t *testing.T, rounds ...[]netip.Addr) *net.Resolver {
	t.Helper()
	s := &nameServer{rounds: rounds, asked: map[uint16]int{}}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go s.serve(theirs)
		return ours, nil
	}}
}

// serve answers one query in the form of RFC 1035 4.2.2.
func (s *nameServer) serve(c net.Conn) {
	defer c.Close()
	var length uint16
	if err := binary.Read(c, binary.BigEndian, &length); err != nil {
		return
	}
	query := make([]byte, length)
	if _, err := io.ReadFull(c, query); err != nil {
		return
	}
	answer := s.answer(query)
	c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
}

func (s *nameServer) answer(query []byte) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	question := query[12 : end+5]
	kind := binary.BigEndian.Uint16(query[end+1:])
	addresses := s.next(kind)
	out := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, byte(len(addresses)), 0, 0, 0, 0}, question...)
	for _, a := range addresses {
		out = append(out, 0xc0, 12)
		out = binary.BigEndian.AppendUint16(out, kind)
		out = append(out, 0, 1, 0, 0, 0, 0, 0, byte(len(a)))
		out = append(out, a...)
	}
	return out
}

func (s *nameServer) next(kind uint16) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	round := min(s.asked[kind], len(s.rounds)-1)
	s.asked[kind]++
	var out [][]byte
	for _, ip := range s.rounds[round] {
		if (kind == typeA && ip.Is4()) || (kind == typeAAAA && ip.Is6()) {
			out = append(out, ip.AsSlice())
		}
	}
	return out
}

func addresses(texts ...string) []netip.Addr {
	var out []netip.Addr
	for _, text := range texts {
		out = append(out, netip.MustParseAddr(text))
	}
	return out
}
