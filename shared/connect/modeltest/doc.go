// Package modeltest holds no code: its tests drive the services that work on
// two stores and a provider, together and in any order, with every step of them
// failing, dying, paused or overtaken, and check after each what may never be
// otherwise. They may use any package.
package modeltest
