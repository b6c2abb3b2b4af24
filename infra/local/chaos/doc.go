// Package chaos holds the tests that kill and pause the real functions, and let
// AWS fail and dawdle, at every step of what they do, against a certified OAuth
// server (that of package e2e, which needs Node.js), and then look whether
// anything was lost or done twice. Tests bear the ids of the cases and the
// invariants of the security design. The package has no code of its own and may
// import anything.
package chaos
