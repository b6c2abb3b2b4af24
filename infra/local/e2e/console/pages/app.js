// React sets functions as properties and listens to events of a custom element
// that was defined before it was rendered.

const { createElement: h, useState } = window.required('react');
const { createRoot } = window.required('react-dom/client');
const { api, button } = await (await fetch('/configuration')).json();
await import(`${api}/console/connect-button.js`);

const token = async () => (await (await fetch('/token', { method: 'POST' })).json()).token;

function App() {
  const [connection, setConnection] = useState('');
  const connected = (event) => setConnection(event.detail.connectionId);
  return h('main', null,
    h('h1', null, 'Your accounts'),
    h('tenon-connect-button', { ...button, api, token, 'ontenon-connected': connected }, 'Connect the CRM'),
    h('output', { id: 'connection' }, connection));
}

createRoot(document.querySelector('#root')).render(h(App));
