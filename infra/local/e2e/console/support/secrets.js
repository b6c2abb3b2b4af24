// Secrets are write-only: once sent, a page has them nowhere.

import assert from 'node:assert/strict';

/** Asserts that the value is nowhere in the page or a frame of it: document, fields, storage, address, history. */
export async function assertAbsent(page, value, what = 'secret') {
  assert.ok(value.length >= 8, 'a short value would be found by chance');
  for (const frame of page.frames()) {
    const places = await frame.evaluate(readPlaces);
    const found = Object.entries(places).filter(([, text]) => text.includes(value) || text.includes(encodeURIComponent(value)));
    const where = found.map(([place]) => place).join(', ');
    assert.ok(found.length === 0, `the ${what} is in the page: ${where}`);
  }
}

/** Runs in the page: every text that it holds, by where. */
function readPlaces() {
  const stored = (storage) => {
    try {
      return JSON.stringify({ ...storage() });
    } catch {
      return ''; // A frame may not have any.
    }
  };
  const markup = [];
  const fields = [];
  const visit = (root) => {
    markup.push(root.documentElement ? root.documentElement.outerHTML : root.innerHTML);
    for (const element of root.querySelectorAll('*')) {
      if ('value' in element) fields.push(String(element.value));
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
  return {
    document: markup.join('\n'), fields: fields.join('\n'), title: document.title, cookies: stored(() => ({ cookie: document.cookie })),
    localStorage: stored(() => localStorage), sessionStorage: stored(() => sessionStorage),
    location: location.href, history: JSON.stringify(history.state) ?? '', 'name of the window': window.name,
  };
}
