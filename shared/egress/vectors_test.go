package egress_test

import (
	"bufio"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
)

// vectors counts testdata/ssrf_vectors.tsv, so that a file cut short is seen.
const vectors = 125

// TestVectors holds URLs and addresses to the verdict of the table. A URL is
// tried as it is written there and with its escapes resolved.
func TestVectors(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/ssrf_vectors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Scan()
	count := 0
	for lines.Scan() {
		count++
		columns := strings.Split(lines.Text(), "\t")
		if len(columns) != 4 {
			t.Fatalf("line %d has %d columns", count+1, len(columns))
		}
		kind, input, allow := columns[0], columns[1], columns[2] == "allow"
		check := checkAddress
		if kind == "url" {
			check = checkURL
		}
		t.Run(kind+" "+input, func(t *testing.T) {
			for _, form := range forms(input) {
				err := check(form)
				if allow && err != nil {
					t.Errorf("%q is refused: %v", form, err)
				}
				if !allow && !fault.Has(err, fault.CodeEgressDenied) {
					t.Errorf("%q is not refused: error %v", form, err)
				}
			}
		})
	}
	if count != vectors {
		t.Errorf("read %d vectors, want %d", count, vectors)
	}
}

func forms(input string) []string {
	unescaped, err := strconv.Unquote(`"` + input + `"`)
	if err != nil || unescaped == input {
		return []string{input}
	}
	return []string{input, unescaped}
}

func checkURL(raw string) error { return egress.CheckURL(raw, false) }

func checkAddress(text string) error {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return err
	}
	return egress.CheckAddress(ip)
}

func TestParsersCannotDisagree(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		`https://api.vendor.com/\@127.0.0.1/`, "https://api.vendor.com/a b", "https://api.vendor.com/\x00", "https://api.vendor.com/\x7f",
		"https://api.vendor.com/ä", "https://api.vendor.com/?a\nb", "https://api.vendor.com/%zz",
	} {
		if err := egress.CheckURL(raw, false); !fault.Has(err, fault.CodeEgressDenied) {
			t.Errorf("CheckURL(%q): got %v, want egress_denied", raw, err)
		}
	}
	for _, address := range []string{"2606:4700:4700::1111%eth0", "8.8.8.8"} {
		ip, err := netip.ParseAddr(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := egress.CheckAddress(ip); (err != nil) != (ip.Zone() != "") {
			t.Errorf("CheckAddress(%s): got %v", address, err)
		}
	}
}

func TestCheckURLLoopback(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"http://127.0.0.1:8080/x", "https://127.9.9.9/x", "http://[::1]:9000/", "http://localhost:8090/token", "https://api.vendor.com/",
	}
	refused := []string{
		"http://10.0.0.1/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://2130706433/", "http://127.1/",
		"http://foo.localhost/", "http://api.vendor.com/", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/", "http://169.254.169.254/",
	}
	for _, raw := range allowed {
		if err := egress.CheckURL(raw, true); err != nil {
			t.Errorf("CheckURL(%q, true): %v", raw, err)
		}
	}
	for _, raw := range refused {
		if err := egress.CheckURL(raw, true); !fault.Has(err, fault.CodeEgressDenied) {
			t.Errorf("CheckURL(%q, true): got %v, want egress_denied", raw, err)
		}
	}
}
