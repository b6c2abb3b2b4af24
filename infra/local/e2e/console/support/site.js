// The web site of somebody else: http://localhost is another site than http://127.0.0.1,
// where the product is, and so is every name below localhost.

import http from 'node:http';

/**
 * Serves pages by path until the test is done and returns the site's origin. A
 * page is its HTML, or {type, body, headers}. With sitePort as the port, the API
 * answers its pages.
 */
export async function startSite(t, pages, { host = 'localhost', port = 0 } = {}) {
  const server = http.createServer((request, response) => {
    const found = pages[new URL(request.url, 'http://site').pathname];
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Not found</title>');
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
