package main

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
)

type loginCommand struct {
	URL     string `arg:"" optional:"" name:"url" help:"Address of the stage, such as https://tenon.example.com; TENON_URL, or that of the local environment, when absent."`
	Profile string `env:"TENON_PROFILE" placeholder:"NAME" help:"Name that the sign-in is kept under; that of the stage when absent (${env})."`
}

// Run signs in. It waits until the person has done so in a browser.
func (c *loginCommand) Run(ctx context.Context, s operation.Streams) error {
	store, err := login.NewStore(os.Getenv)
	if err != nil {
		return err
	}
	p, err := store.Login(ctx, login.Request{
		URL: cmp.Or(c.URL, os.Getenv("TENON_URL"), login.Local(os.Getenv)), Profile: c.Profile, HTTP: login.NewHTTP(),
		Prompt: func(prompt login.Prompt) {
			_, _ = fmt.Fprintf(s.Err, "Open this page in a browser and sign in:\n\n  %s\n\n", operation.Plain(prompt.URL))
			if prompt.Code != "" {
				_, _ = fmt.Fprintf(s.Err, "It must show the code %s. Confirm no other.\n", operation.Plain(prompt.Code))
			}
		},
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Err, "Signed in to %s, stage %s, as profile %s.\n", p.URL, operation.Plain(p.Stage), p.Name)
	return err
}

type logoutCommand struct {
	Profile string `env:"TENON_PROFILE" placeholder:"NAME" help:"Which sign-in; the last one when absent (${env})."`
}

// Run forgets the sign-in.
func (c *logoutCommand) Run(ctx context.Context, s operation.Streams) error {
	store, err := login.NewStore(os.Getenv)
	if err != nil {
		return err
	}
	p, err := store.Logout(ctx, login.NewHTTP(), c.Profile)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Err, "Signed out of %s.\n", p.URL)
	return err
}
