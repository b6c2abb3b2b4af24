const { api, connection } = await (await fetch('/configuration')).json();
const { configure } = await import(`${api}/console/elements.js`);
configure({ api, token: async () => (await (await fetch('/token', { method: 'POST' })).json()).token });
document.querySelector('tenon-status').connection = connection;
