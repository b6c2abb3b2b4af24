import { ask, once, type Schemas, tag } from '../../../api/client.js';
import { problemOf } from '../../../api/problem.js';
import type { Context } from '../../context.js';

type Connection = Schemas['Connection'];

/**
 * Creation makes one connection. Sent again after no answer came, the same request
 * makes no second one; what a person gave up, or changed before connecting, is taken
 * away.
 */
export class Creation {
  #key = once();
  #of = '';
  #made?: Connection;

  async make(context: Context, body: Schemas['ConnectionCreate']): Promise<Connection> {
    const { credential: _, ...asked } = body;
    const of = JSON.stringify(asked);
    if (this.#made && this.#of === of && !body.credential) return this.#made;
    if (this.#made) await this.giveUp(context);
    if (this.#of !== of) [this.#key, this.#of] = [once(), of];
    try {
      const connection = await ask(context.api.POST('/v1/connections', { params: { header: { 'Idempotency-Key': this.#key } }, body }));
      this.#made = connection.connected ? undefined : connection;
      return connection;
    } catch (thrown) {
      if (!problemOf(thrown).undecided) this.#of = '';
      throw thrown;
    }
  }

  /** giveUp deletes what was made and not connected; one that is left is removed in time. */
  async giveUp(context: Context): Promise<void> {
    const made = this.#made;
    [this.#made, this.#of] = [undefined, ''];
    if (!made) return;
    const params = { path: { connectionId: made.id } };
    try {
      const { connected, ...now } = await ask(context.api.GET('/v1/connections/{connectionId}', { params }));
      if (!connected) await ask(context.api.DELETE('/v1/connections/{connectionId}', { params: { ...params, header: { 'If-Match': tag(now) } } }));
    } catch {
      // It is gone, or shown as pending, where it can be deleted.
    }
  }
}
