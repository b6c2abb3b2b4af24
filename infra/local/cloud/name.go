package cloud

import (
	"crypto/rand"
	"fmt"
	"regexp"
)

// The names AWS accepts, from the API references of the services.
var (
	tableName    = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)
	secretName   = regexp.MustCompile(`^[a-zA-Z0-9/_+=.@-]{1,512}$`)
	aliasName    = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)
	queueName    = regexp.MustCompile(`^([a-zA-Z0-9_-]{1,80}|[a-zA-Z0-9_-]{1,75}\.fifo)$`)
	ruleName     = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)
	busName      = regexp.MustCompile(`^[a-zA-Z0-9._/-]{1,256}$`)
	scheduleName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)
)

// newUUID returns a random UUID (RFC 9562, version 4).
func newUUID() string {
	b := randomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// randomBytes returns n bytes from the system's generator, which never fails
// (crypto/rand.Read).
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
