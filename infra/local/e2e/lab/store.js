// The storage of the OAuth server: a Map per process, with expiry. The adapter
// that comes with the library forgets everything beyond a thousand entries.
const entries = new Map();

const alive = (entry) => (entry && (!entry.expiresAt || entry.expiresAt > Date.now()) ? entry : undefined);

export class MapAdapter {
  constructor(model) { this.model = model; }

  key(id) { return `${this.model}:${id}`; }

  async upsert(id, payload, expiresIn) {
    // An expired token is kept for a while, so that its use is told apart from nonsense.
    entries.set(this.key(id), { payload, expiresAt: expiresIn ? Date.now() + (expiresIn + 600) * 1000 : 0 });
  }

  async find(id) { return alive(entries.get(this.key(id)))?.payload; }

  async findByUid(uid) { return this.by('uid', uid); }

  async findByUserCode(code) { return this.by('userCode', code); }

  by(name, value) {
    for (const payload of payloads(this.model)) if (payload[name] === value) return payload;
    return undefined;
  }

  async destroy(id) { entries.delete(this.key(id)); }

  async consume(id) {
    const entry = entries.get(this.key(id));
    if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async revokeByGrantId(grantId) {
    for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key);
  }
}

// payloads returns everything alive of one model.
export function payloads(model) {
  return [...entries].filter(([key, entry]) => key.startsWith(`${model}:`) && alive(entry)).map(([, entry]) => entry.payload);
}
