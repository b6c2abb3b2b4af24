package smoke

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Validate refuses addresses that a run cannot work with.
func (c Config) Validate() error {
	if err := origin(c.URL); err != nil {
		return err
	}
	u, err := url.Parse(c.URL)
	if err == nil && c.System == "" && inCloud(u.Hostname()) {
		return errors.New("the stage has an address of AWS, and nothing in the cloud is called with a tenant's URL: " +
			"name a system, which is any https address elsewhere that answers a GET with 2xx, such as your issuer's /.well-known/openid-configuration")
	}
	return nil
}

// inCloud reports whether a stage has the address that API Gateway gave it.
func inCloud(host string) bool {
	return strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") || strings.HasSuffix(host, ".amazonaws.eu")
}

// origin refuses what is no origin of a stage: a token goes over TLS, or stays on
// this machine.
func origin(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return errors.New("the address of the stage is no origin such as https://tenon.example.com")
	}
	local := u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1"
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fmt.Errorf("the address of the stage, %s, is not https", u.Host)
	}
	return nil
}
