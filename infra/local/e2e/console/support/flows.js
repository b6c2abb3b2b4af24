// Flows of the tenant acme, and connections of the demo CRM that they can use.

import { caller, createCRMTemplate, newKey } from './tenon.js';

/** Creates connections of the tenant by key, one for each name, and returns their ids by name. */
export async function createKeyConnections(tenant, key, names) {
  const template = await createCRMTemplate(key, 'api_key');
  const ids = {};
  for (const [name, more] of Object.entries(names)) {
    const { id } = await tenant.post('/v1/connections', { templateId: template.id, name, credential: { apiKey: await newKey() }, ...more });
    ids[name] = id;
  }
  return ids;
}

/** Registers a sync of the demo CRM with itself in acme, or replaces it. */
export async function createSync(id, name, state, { source, destination } = {}) {
  const tenant = await caller('acme');
  const side = (slot, connectionId) => ({ slot, connector: 'demo-crm', ...(connectionId && { connectionId }) });
  const known = (await tenant.get('/v1/flows')).items.some((flow) => flow.flowId === id);
  const wanted = { name, kind: 'sync', state, bindings: [side('source', source), side('destination', destination)] };
  return tenant.put(`/v1/flows/${id}`, wanted, known ? { 'if-match': '*' } : {});
}
