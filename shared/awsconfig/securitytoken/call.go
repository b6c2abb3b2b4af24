package securitytoken

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/tenonhq/tenon/shared/awsconfig"
)

const (
	service     = "sts"
	version     = "2011-06-15"
	answerLimit = 64 << 10 // In bytes; a session has some two thousand.
)

// call makes one call by the query protocol and reads its answer into result. What
// Config's retryer takes for passing is repeated.
func (c Client) call(ctx context.Context, action string, parameters url.Values, result any) error {
	parameters.Set("Action", action)
	parameters.Set("Version", version)
	body := parameters.Encode()
	var retryer aws.Retryer = aws.NopRetryer{}
	if c.Config.Retryer != nil {
		retryer = c.Config.Retryer()
	}
	for attempt := 1; ; attempt++ {
		err := c.attempt(ctx, body, result)
		if err == nil {
			return nil
		}
		awsconfig.CountThrottle(ctx, service, action, err)
		err = fmt.Errorf("STS %s: %w", action, err)
		if ctx.Err() != nil || attempt >= retryer.MaxAttempts() || !retryer.IsErrorRetryable(err) {
			return err
		}
		delay, _ := retryer.RetryDelay(attempt, err)
		if !sleep(ctx, delay) {
			return err
		}
	}
}

func (c Client) attempt(ctx context.Context, body string, result any) error {
	r, err := c.request(ctx, body)
	if err != nil {
		return err
	}
	answer, err := c.Config.HTTPClient.Do(r)
	if err != nil {
		return &smithyhttp.RequestSendError{Err: err}
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	if err != nil {
		return &smithyhttp.RequestSendError{Err: err}
	}
	if answer.StatusCode == http.StatusOK {
		err = xml.Unmarshal(content, result)
	} else {
		err = refusal(content)
	}
	if err != nil {
		return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: answer}, Err: err}
	}
	return nil
}

func (c Client) request(ctx context.Context, body string) (*http.Request, error) {
	address, err := endpoint(c.Config)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	own, err := c.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(body))
	return r, v4.NewSigner().SignHTTP(ctx, own, r, hex.EncodeToString(sum[:]), service, c.Config.Region, time.Now())
}

// refusal reads why a call was refused.
func refusal(content []byte) error {
	var said struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if err := xml.Unmarshal(content, &said); err != nil || said.Code == "" {
		said.Code = "UnknownError"
	}
	return &smithy.GenericAPIError{Code: said.Code, Message: said.Message}
}

var errRegion = errors.New("no region of AWS")

// endpoint is that of the region, whose name may be a tenant's.
func endpoint(cfg aws.Config) (string, error) {
	if cfg.Region == "" || strings.Trim(cfg.Region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return "", errRegion
	}
	return awsconfig.Endpoint(cfg, service) + "/", nil
}

// sleep waits, and reports whether the context let it.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
