package servers

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// sftp confirms the server's host key, logs in, asks where it is and whether the
// configured path is there. Before the host key is known to be the confirmed one
// the server learns not even the user's name.
func (p Prober) sftp(ctx context.Context, l method.Login) (method.Probe, error) {
	auth, err := newAuth(l)
	if err != nil {
		return method.Probe{}, err
	}
	key := hostKey{confirmed: l.Values[method.ValueHostKey].Reveal()}
	for algorithms := hostKeyAlgorithms(); ; algorithms = key.without(algorithms) {
		conn, err := p.connect(ctx, l)
		if err != nil {
			return unreached(err)
		}
		err = p.session(conn, l, &key, auth, algorithms)
		conn.Close()
		// A server may have a key of each kind, and it shows the one that is asked for
		// first: the confirmed one may be another.
		var missing *ssh.AlgorithmNegotiationError
		if key.state == keyForeign && !errors.As(err, &missing) && len(key.without(algorithms)) > 0 {
			continue
		}
		result := key.judge(err, conn).probe()
		result.HostKey = key.shown
		return result, nil
	}
}

// session is one connection, from the key exchange to the end.
func (p Prober) session(conn *wire, l method.Login, key *hostKey, auth []ssh.AuthMethod, algorithms []string) error {
	safe := ssh.SupportedAlgorithms()
	config := &ssh.ClientConfig{
		Config: ssh.Config{
			KeyExchanges: safe.KeyExchanges, Ciphers: safe.Ciphers,
			MACs: []string{ssh.HMACSHA256ETM, ssh.HMACSHA512ETM, ssh.HMACSHA256, ssh.HMACSHA512},
		},
		User: l.Values[method.ValueUser].Reveal(), Auth: auth, ClientVersion: "SSH-2.0-Tenon",
		HostKeyAlgorithms: algorithms, HostKeyCallback: key.check,
	}
	connection, channels, requests, err := ssh.NewClientConn(conn, l.Host, config)
	if err != nil {
		return err
	}
	key.state = keyAuthenticated
	client := ssh.NewClient(connection, channels, requests)
	defer func() { _ = client.Close() }() // And what runs over it: it is not waited for.
	files, err := sftp.NewClient(client)
	if err != nil {
		return err
	}
	key.state = keyServing
	if _, err := files.RealPath("."); err != nil {
		return err
	}
	if path := l.Values[method.ValuePath].Reveal(); path != "" {
		_, err = files.Stat(path)
	}
	return err
}

// newAuth returns the one way to log in. A key that cannot be read is an error of
// ours: it was checked when it was saved.
func newAuth(l method.Login) ([]ssh.AuthMethod, error) {
	key, passphrase := l.Values[method.ValuePrivateKey], l.Values[method.ValuePassphrase]
	if key.IsZero() {
		password := l.Values[method.ValuePassword].Reveal()
		return []ssh.AuthMethod{ssh.Password(password), ssh.KeyboardInteractive(answerPassword(password))}, nil
	}
	signer, err := ssh.ParsePrivateKey([]byte(key.Reveal()))
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(key.Reveal()), []byte(passphrase.Reveal()))
	}
	if err != nil {
		return nil, errDriver
	}
	if signer.PublicKey().Type() == ssh.KeyAlgoRSA { // Never with SHA-1, whatever the server supports.
		algorithms, ok := signer.(ssh.AlgorithmSigner)
		if !ok {
			return nil, errDriver
		}
		if signer, err = ssh.NewSignerWithAlgorithms(algorithms, []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}); err != nil {
			return nil, errDriver
		}
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

// answerPassword answers the one question of servers that ask for the password
// in a dialogue (RFC 4256), and none that would be shown.
func answerPassword(password string) ssh.KeyboardInteractiveChallenge {
	return func(_, _ string, questions []string, echos []bool) ([]string, error) {
		switch {
		case len(questions) == 0:
			return nil, nil
		case len(questions) > 1 || echos[0]:
			return nil, verdict{catalog.Unknown, messageMethod}
		}
		return []string{password}, nil
	}
}

// judge says what a session showed.
func (k *hostKey) judge(err error, conn *wire) verdict {
	var (
		missing *ssh.AlgorithmNegotiationError
		known   verdict
	)
	switch {
	case err == nil:
		return verdict{outcome: catalog.OK}
	case k.state == keyForeign:
		return verdict{catalog.TLSError, "The server shows another host key than the confirmed one."}
	case k.state == keyUnconfirmed:
		return verdict{catalog.TLSError, "The server's host key has not been confirmed."}
	case errors.As(err, &missing):
		return verdict{catalog.TLSError, "The server offers no algorithm that is still safe."}
	case errors.As(err, &known):
		return known
	case k.state == keyServing && errors.Is(err, fs.ErrPermission):
		return verdict{catalog.PermissionError, "The user may not see the path."}
	case k.state == keyServing && errors.Is(err, fs.ErrNotExist):
		return verdict{catalog.Unknown, "The path does not exist."}
	}
	// The client's own words: package ssh has no errors for them.
	switch text := err.Error(); {
	case k.state == keyConfirmed && strings.Contains(text, "ssh: unable to authenticate"):
		return verdict{outcome: catalog.AuthError}
	case strings.Contains(text, "ssh: disconnect, reason 12:"): // Too many connections (RFC 4253 11.1).
		return verdict{outcome: catalog.RateLimited}
	case k.state == keyConfirmed && strings.Contains(text, "ssh: disconnect, reason "): // After too many attempts, for one.
		return verdict{outcome: catalog.AuthError}
	}
	if v := judge(err, conn, speaksSSH); v.outcome != catalog.Unknown || k.state != keyAuthenticated {
		return v
	}
	return verdict{catalog.PermissionError, "The server does not offer SFTP to this user."}
}

func speaksSSH(first []byte) bool {
	return strings.HasPrefix("SSH-", string(first[:min(4, len(first))]))
}
