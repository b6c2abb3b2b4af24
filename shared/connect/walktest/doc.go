// Package walktest holds no code: its tests walk every entry of the catalog,
// every scheme of it, through the services as a person and a runtime do, against
// a provider that is played from the entry alone. They may use any package.
package walktest
