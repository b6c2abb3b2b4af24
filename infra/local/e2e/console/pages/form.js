const { api, scheme } = await (await fetch('/configuration')).json();
const { configure } = await import(`${api}/console/elements.js`);
const form = document.querySelector('tenon-schema-form');
Object.assign(form, { scheme, credential: true });
form.addEventListener('tenon-submit', (event) => {
  document.querySelector('output').value = Object.keys(event.detail.credential).join();
});
configure({ language: 'de' });
