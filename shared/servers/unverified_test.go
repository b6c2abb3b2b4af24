package servers_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/servers"
)

// MySQL and SQL Server are told the password as it is once there is TLS: beyond a
// private network only who has proven to be the server hears it.
func TestAPasswordGoesToNoUnverifiedServer(t *testing.T) {
	t.Parallel()
	for protocol, refused := range map[string]bool{"mysql": true, "sqlserver": true, "postgres": false} {
		heard := make(chan []byte, 1)
		address := listen(t, func(c net.Conn) {
			c.Write(greeting(plainCapabilities|1<<11, "caching_sha2_password"))
			all, _ := io.ReadAll(c)
			heard <- all
		})
		prober := servers.Prober{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c, err := leading(address)(ctx, network, "")
			return public{c}, err
		}}
		_, err := try(t, prober, login(protocol, "15000", "tlsMode", "require"))
		if said := <-heard; fault.Has(err, fault.CodeValidationFailed) != refused || refused && len(said) > 0 {
			t.Errorf("%s: got %v, and %d bytes were sent", protocol, err, len(said))
		}
	}
}
