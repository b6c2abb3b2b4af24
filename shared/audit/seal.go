package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Seal fixes the entries of one window of a tenant's audit. Whoever has the
// hash of a seal can tell whether any entry it covers, or any that an earlier
// seal of the chain covers, was changed, removed or added.
//
// To verify a chain, with every part written as its length in bytes, four bytes
// big-endian, and the bytes, and every text as UTF-8:
//
//	entry   = SHA-256 of the parts "tenon-audit-entry-1", tenant, id, at (RFC 3339, UTC, without trailing
//	          zeros of the fraction), actor, action, resource, outcome, reason, request id, source IP, the
//	          number of facts in decimal, and the name and value of each fact in the order of the names
//	entries = SHA-256 of the parts id and entry (32 bytes), of each entry in the order of the ids
//	hash    = SHA-256 of the parts "tenon-audit-seal-1", tenant, seq in decimal, from, to, first, last,
//	          count in decimal, at, entries and prev (both in lower-case hexadecimal; the first prev is empty)
type Seal struct {
	Tenant      string
	Seq         int64     // From one, without gaps.
	From, To    string    // It covers the entries with an id after From and not after To; From is the To before.
	First, Last string    // Ids of entries.
	Count       int       // Of entries.
	At          time.Time // When it was made.
	Leaves      []byte    // What Entries is the hash of: it says which entry differs.
	Entries     string
	Prev        string // The hash of the seal before.
	Hash        string
}

// sealSize is how many entries a seal covers at most.
const sealSize = 1000

// newSeal links the entries to the head's chain. There is at least one entry,
// and they are in the order of their ids.
func newSeal(h Head, to string, entries []Entry, at time.Time) Seal {
	s := Seal{
		Tenant: h.Tenant, Seq: h.Seq + 1, From: h.To, To: to, First: entries[0].ID, Last: entries[len(entries)-1].ID,
		Count: len(entries), At: at.UTC(), Prev: h.Hash,
	}
	for _, e := range entries {
		sum := e.digest()
		s.Leaves = part(part(s.Leaves, e.ID), string(sum[:]))
	}
	s.Entries, s.Hash = hexHash(s.Leaves), ""
	s.Hash = s.digest()
	return s
}

func (e Entry) digest() [sha256.Size]byte {
	b := parts("tenon-audit-entry-1", e.Tenant, e.ID, moment(e.At), e.Actor, string(e.Action), e.Resource, e.Outcome,
		e.Reason, e.RequestID, e.SourceIP, strconv.Itoa(len(e.Facts)))
	for _, name := range slices.Sorted(maps.Keys(e.Facts)) {
		b = part(part(b, name), e.Facts[name])
	}
	return sha256.Sum256(b)
}

func (s Seal) digest() string {
	return hexHash(parts("tenon-audit-seal-1", s.Tenant, strconv.FormatInt(s.Seq, 10), s.From, s.To, s.First, s.Last,
		strconv.Itoa(s.Count), moment(s.At), s.Entries, s.Prev))
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func parts(texts ...string) []byte {
	var b []byte
	for _, text := range texts {
		b = part(b, text)
	}
	return b
}

func part(b []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
}

// leaf is an entry as a seal remembers it.
type leaf struct{ id, digest string }

var errLeaves = errors.New("the leaves are not readable")

func (s Seal) leaves() ([]leaf, error) {
	var texts []string
	for rest := s.Leaves; len(rest) > 0; {
		if len(rest) < 4 {
			return nil, errLeaves
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if rest = rest[4:]; n > int64(len(rest)) {
			return nil, errLeaves
		}
		texts, rest = append(texts, string(rest[:n])), rest[n:]
	}
	if len(texts) == 0 || len(texts)%2 != 0 {
		return nil, errLeaves
	}
	var all []leaf
	for pair := range slices.Chunk(texts, 2) {
		all = append(all, leaf{pair[0], pair[1]})
	}
	return all, nil
}
