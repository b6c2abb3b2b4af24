// Package catalogtest plays the providers of the catalog: from an entry alone it
// makes valid inputs and credentials, and answers every request the entry
// speaks of as that provider would, or with the vices of a Personality. What is
// asked of it in another way than the entry says, it complains of. It knows the
// entry's templates by itself, so that a mistake in filling them shows. It
// depends on packages catalog and secret, on go-jose to verify JWTs, and on
// golang.org/x/crypto/ssh to make keys.
package catalogtest
