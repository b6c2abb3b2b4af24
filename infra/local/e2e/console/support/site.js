// The web site of somebody else: http://localhost is another site than http://127.0.0.1,
// where the product is, and so is every name below localhost.

import http from 'node:http';

/**
 * Serves pages by path until the test is done and returns the site's origin. A
 * page is its HTML, or {type, body, headers}, or a function of the request's body
 * whose answer is sent as JSON: the site's back end. With sitePort as the port, the
 * API answers its pages.
 */
export async function startSite(t, pages, { host = 'localhost', port = 0 } = {}) {
  const server = http.createServer((request, response) => {
    const found = pages[new URL(request.url, 'http://site').pathname];
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Not found</title>');
      return;
    }
    if (typeof found === 'function') {
      void answer(request, response, found);
      return;
    }
    const { type = 'text/html; charset=utf-8', body, headers = {} } = typeof found === 'string' ? { body: found } : found;
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}:${server.address().port}`;
}

/** Answers with what a function makes of the body. */
async function answer(request, response, make) {
  try {
    const body = (await request.toArray()).join('');
    const made = await make(body ? JSON.parse(body) : undefined);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}
