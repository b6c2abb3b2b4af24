/** What a tenant may be told: the types of events/bus that are not the organization's alone. */
export const tenantEvents = [
  'connection.connected', 'connection.promoted', 'connection.account_changed', 'connection.status', 'connection.stale', 'connection.deleted',
  'expiration.due', 'rotation.due', 'lease.anomaly', 'kill_switch.finished', 'audit.verified', 'audit.broken', 'template.client_refused',
  'webhook_endpoint.disabled', 'webhook.test', 'tenant.suspended', 'tenant.resumed',
];

/** What the organization is told besides. */
export const organizationEvents = ['tenant.offboarded', 'provider.outage', 'provider.refusals', 'egress.changed'];
