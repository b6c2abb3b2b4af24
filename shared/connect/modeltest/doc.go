// Package modeltest holds no code: its tests drive the services that work on
// two stores and a provider, together and in any order, with every step of them
// failing, dying, paused, overtaken or going on later, and check after each what
// may never be otherwise. A storm of refusals, and a provider whose circuit is
// open, are left to the tests of packages lease and outage: their times are drawn
// at random. They may use any package.
package modeltest
