// Package e2e holds the tests of the whole product as it runs on a developer's
// machine: the real functions, behind the local API, against the demo CRM and
// against a certified OAuth server (directory lab, which needs Node.js), and its
// pages in Chromium (directory console). It has no code of its own and may import
// shared/client, shared/routes, shared/api and the packages below infra/local; for
// what the auth methods sign, which that server verifies, shared/method,
// shared/egress and the SDK of the key service.
package e2e
