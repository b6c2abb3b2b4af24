package template

// SigningKey is exported for the tests: no connector of the catalog need sign.
var SigningKey = (*Service).signingKey
