// Package chaos holds the tests that kill and pause the real functions at every
// step of a refresh, against a certified OAuth server (that of package e2e, which
// needs Node.js), and then look whether anything was lost or done twice. It has
// no code of its own and may import shared/client, shared/routes, shared/api and
// the packages below infra/local.
package chaos
