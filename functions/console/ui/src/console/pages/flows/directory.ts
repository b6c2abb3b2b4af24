import { all, ask, type Schemas } from '../../../api/client.js';
import type { Context } from '../../context.js';

export type Flow = Schemas['Flow'];
export type Binding = Schemas['Binding'];
export type Candidate = Schemas['Candidate'];

/** Directory knows the names of what flows are made of. */
export interface Directory {
  connectors: Map<string, Schemas['ConnectorCard']>;
  connections: Map<string, Schemas['Connection']>;
}

/** readDirectory fetches it, as far as the token may. */
export async function readDirectory({ api, may }: Context): Promise<Directory> {
  if (!may('connections:read')) return { connectors: new Map(), connections: new Map() };
  const [catalog, connections] = await Promise.all([
    ask(api.GET('/v1/connectors')),
    all((cursor) => ask(api.GET('/v1/connections', { params: { query: { limit: 100, cursor } } }))),
  ]);
  return { connectors: new Map((catalog.items ?? []).map((c) => [c.id, c])), connections: new Map(connections.map((c) => [c.id, c])) };
}

/** readFlow fetches one flow with the status of what its bindings name. */
export function readFlow({ api }: Context, flowId: string): Promise<Flow> {
  return ask(api.GET('/v1/flows/{flowId}', { params: { path: { flowId } } }));
}

/** readCandidates fetches the connections that a binding could name. */
export function readCandidates({ api }: Context, flowId: string, slot: string): Promise<Candidate[]> {
  return all((cursor) => ask(api.GET('/v1/flows/{flowId}/bindings/{slot}/candidates', { params: { path: { flowId, slot }, query: { limit: 100, cursor } } })), 500);
}

/** sides are the bindings of a flow as they are shown: of a sync the source first. */
export function sides(flow: Flow): Binding[] {
  const order = ['source', 'destination'];
  const bindings = flow.bindings ?? [];
  return flow.kind === 'sync' ? [...bindings].sort((a, b) => order.indexOf(a.slot) - order.indexOf(b.slot)) : bindings;
}
