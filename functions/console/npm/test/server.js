import { createServer } from 'node:http';

/**
 * serve starts a server for the length of a test. answer is called with each request,
 * whose body was read, and returns [status, body, headers]; undefined cuts the
 * connection. What came is in seen.
 */
export async function serve(t, answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    const asked = { method, url, headers, body };
    seen.push(asked);
    const [status, content, told = {}] = (await answer(asked, seen.length)) ?? [];
    if (!status) return request.socket.destroy();
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...told });
    response.end(content === undefined ? undefined : JSON.stringify(content));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${server.address().port}`, seen };
}

/** problem is an answer that is a problem document. */
export function problem(status, code, more = {}, headers = {}) {
  const document = { type: `urn:tenon:problem:${code}`, title: code, status, code, detail: 'Why.', instance: '/v1', requestId: 'req-1', ...more };
  return [status, document, headers];
}
