// A reverse proxy that misbehaves exactly as told. Rules are matched in order
// and count their matches, so that "lose the answer to the second refresh of
// this client" is a rule and not luck.
//
//   GET    /_fault/rules        the rules with their counts
//   POST   /_fault/rules        add one rule or a list of rules
//   DELETE /_fault/rules[/<id>] remove one or all
//   GET    /_fault/journal      the requests seen, with what was answered to POSTs
//
// A rule is {id?, match: {method?, path?, grant_type?, client_id?}, skip: 0, times: 1, action}.
// path is a regular expression; times -1 is always. An action is one of
//   {drop: "before"}                    hang up without asking upstream
//   {drop: "after"}                     ask upstream, then hang up: the answer is lost
//   {reply: {status, json? | body?}}    answer without asking upstream
//   {redirect: "url"}                   answer 302 without asking upstream
//   {json: {set?, unset?}}              change members of upstream's JSON
//   {location: {set?, unset?}}          change the query of a redirect to another origin
//   {transform: "name", ...}            call one of the functions given to the proxy
import http from 'node:http';
import { once } from 'node:events';

const MAX_BODY = 1 << 20;
const MAX_JOURNAL = 20000;

export async function readBody(stream) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function sendJSON(res, value, status = 200) {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(value));
  return true;
}

export class FaultProxy {
  // upstream is an origin; transforms maps names to async (exchange, action);
  // control is async (req, res, body, url) => true when it has answered.
  constructor({ upstream, transforms = {}, control }) {
    this.upstream = new URL(upstream);
    this.transforms = transforms;
    this.control = control;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
    this.reset();
  }

  reset() {
    this.rules = [];
    this.journal = [];
    this.count = 0;
  }

  addRules(given) {
    return [given].flat().map((rule) => {
      const added = { id: `r${(this.count += 1)}`, match: {}, skip: 0, times: 1, ...rule, seen: 0, hits: 0 };
      this.rules.push(added);
      return added.id;
    });
  }

  // pick returns the first rule that matches and is not used up.
  pick(req, url, form) {
    const client = clientOf(req, form);
    for (const rule of this.rules) {
      const { method, path, grant_type: grant, client_id: wanted } = rule.match;
      if (method && method !== req.method) continue;
      if (path && !new RegExp(path).test(url.pathname)) continue;
      if (grant && grant !== form.get('grant_type')) continue;
      if (wanted && wanted !== client) continue;
      rule.seen += 1;
      if (rule.seen <= rule.skip || (rule.times >= 0 && rule.hits >= rule.times)) continue;
      rule.hits += 1;
      return rule;
    }
    return undefined;
  }

  manage(req, res, url, body) {
    const [, , what, id] = url.pathname.split('/');
    switch (`${req.method} ${what}`) {
      case 'GET rules': return sendJSON(res, this.rules);
      case 'POST rules': return sendJSON(res, { ids: this.addRules(JSON.parse(body)) }, 201);
      case 'DELETE rules': this.rules = id ? this.rules.filter((rule) => rule.id !== id) : []; return sendJSON(res, {});
      case 'GET journal': return sendJSON(res, this.journal);
      default: return sendJSON(res, { error: 'not found' }, 404);
    }
  }

  // forward asks upstream and returns {status, headers, body}.
  async forward(req, url, body) {
    const headers = { ...req.headers, 'content-length': String(body.length) };
    delete headers['accept-encoding'];
    delete headers['transfer-encoding'];
    const { hostname: host, port } = this.upstream;
    const up = http.request({ host, port, method: req.method, path: url.pathname + url.search, headers, agent: this.agent });
    up.end(body);
    const [answer] = await once(up, 'response');
    return { status: answer.statusCode, headers: { ...answer.headers }, body: await readBody(answer) };
  }

  async handle(req, res) {
    const url = new URL(req.url, 'http://lab.invalid');
    let body;
    try {
      body = await readBody(req);
      if (url.pathname.startsWith('/_fault/')) { this.manage(req, res, url, body); return; }
      if (this.control && await this.control(req, res, body, url)) return;
    } catch (error) {
      sendJSON(res, { error: error.message }, 400);
      return;
    }
    const text = body.toString();
    const entry = { method: req.method, path: url.pathname, query: url.search, headers: req.headers, body: text };
    this.journal.push(entry);
    this.journal.splice(0, this.journal.length - MAX_JOURNAL);
    const isForm = /x-www-form-urlencoded/.test(req.headers['content-type'] ?? '');
    const form = new URLSearchParams(isForm ? text : '');
    try {
      await this.answer({ req, res, url, form, body, entry });
    } catch (error) {
      entry.outcome = `proxy error: ${error.message}`;
      if (res.headersSent) res.destroy(); else sendJSON(res, { error: 'proxy error' }, 502);
    }
  }

  async answer({ req, res, url, form, body, entry }) {
    const action = this.pick(req, url, form)?.action ?? {};
    if (action.drop === 'before') { entry.outcome = 'dropped before'; req.socket.destroy(); return; }
    const resp = made(action) ?? await this.forward(req, url, body);
    if (action.transform) await this.transforms[action.transform]({ req, url, form, resp }, action);
    if (action.json) editJSON(resp, action.json);
    if (action.location) editLocation(resp, req.headers.host, action.location);
    if (req.method === 'POST') entry.answer = resp.body.toString();
    if (action.drop === 'after') { entry.outcome = `dropped after ${resp.status}`; req.socket.destroy(); return; }
    entry.outcome = resp.status;
    const headers = { ...resp.headers, 'content-length': String(resp.body.length) };
    for (const name of ['transfer-encoding', 'connection', 'keep-alive']) delete headers[name];
    res.writeHead(resp.status, headers);
    res.end(resp.body);
  }

  async listen(port, host) {
    this.server = http.createServer((req, res) => this.handle(req, res));
    this.server.listen(port, host);
    await once(this.server, 'listening');
    return this.server.address().port;
  }
}

// clientOf returns the client that authenticates with a form or a Basic header.
function clientOf(req, form) {
  const [scheme, value] = (req.headers.authorization ?? '').split(' ');
  if (scheme !== 'Basic') return form.get('client_id');
  const [user] = Buffer.from(value ?? '', 'base64').toString().split(':');
  return decodeURIComponent(user);
}

function made(action) {
  if (action.redirect) return { status: 302, headers: { location: action.redirect }, body: Buffer.alloc(0) };
  if (!action.reply) return undefined;
  const { status = 500, json, body = '' } = action.reply;
  const type = json === undefined ? 'text/plain' : 'application/json';
  return { status, headers: { 'content-type': type }, body: Buffer.from(json === undefined ? body : JSON.stringify(json)) };
}

function editJSON(resp, { set = {}, unset = [] }) {
  const members = { ...JSON.parse(resp.body.toString()), ...set };
  for (const name of unset) delete members[name];
  resp.body = Buffer.from(JSON.stringify(members));
}

function editLocation(resp, host, { set = {}, unset = [] }) {
  if (!resp.headers.location) return;
  const target = new URL(resp.headers.location, `http://${host}`);
  if (target.host === host) return;
  for (const [name, value] of Object.entries(set)) target.searchParams.set(name, value);
  for (const name of unset) target.searchParams.delete(name);
  resp.headers.location = target.href;
}
