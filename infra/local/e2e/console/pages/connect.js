// The script of an integrator's page: it has a token of the person who is signed in
// there, or lets its back end mint the session and ask how it stands.

const { api, button, callbacks, language } = await (await fetch('/configuration')).json();
const { configure } = await import(`${api}/console/connect-button.js`);

const backend = async (path, body) => (await fetch(path, { method: 'POST', body: JSON.stringify(body) })).json();
if (callbacks) {
  configure({ session: (wanted) => backend('/session', wanted), status: (sessionId) => backend('/status', { sessionId }) });
} else {
  configure({ api, token: async () => (await backend('/token')).token });
}
if (language) configure({ language });

const events = document.querySelector('#events');
for (const name of ['tenon-connected', 'tenon-failed', 'tenon-cancelled']) {
  document.addEventListener(name, (event) => {
    events.value += `${name} ${event.detail.code ?? ''};`;
    document.querySelector('#connection').value = event.detail.connectionId ?? '';
  });
}
const element = document.querySelector('tenon-connect-button');
for (const [name, value] of Object.entries(button)) element.setAttribute(name, value);
