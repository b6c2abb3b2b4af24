package environ

// The names of roles are generated, so that the policies of keys tell roles by
// the path they stand under. Neither path is below that of the roles which tenants
// trust, see AssumingRoles.

// EndingPath is the path of the role that ends tenants' keys.
func EndingPath(stage string) string { return "/tenon-ending/" + stage + "/" }

// BreakGlassPath is the path of the role that people take on in an emergency, to
// undo the end of a key.
func BreakGlassPath(stage string) string { return "/tenon-break-glass/" + stage + "/" }
