package connect

import (
	"context"
	"errors"
	"net/url"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// checkSignature demands the signature of a system that signs its callbacks,
// before the code is redeemed.
func (s *Service) checkSignature(ctx context.Context, caller auth.Caller, c connection.Connection, target method.Target, query url.Values) error {
	if target.Scheme.OAuth == nil || target.Scheme.OAuth.CallbackHMAC == nil {
		return nil
	}
	signing := target.Scheme.OAuth.CallbackHMAC
	keys, err := s.Templates.ClientSecrets(ctx, c, target.ClientID)
	if err != nil {
		return err
	}
	if method.CallbackSigned(*signing, query, target.Values, keys, s.Now()) {
		return nil
	}
	return errors.Join(errUnsigned, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.CodeIssuerMismatch)))
}
