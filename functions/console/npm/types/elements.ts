// What compiles against the packed elements, and what must not.

import { configure, type Entered, type Settings, TenonConnectButton, TenonSchemaForm, type Wanted } from '@tenonhq/tenon/elements';
import { configure as alone } from '@tenonhq/tenon/elements/connect-button';

const settings: Settings = { api: 'https://tenon.example.com', token: () => 'token', language: 'de' };
configure(settings);
alone({ session: async (wanted: Wanted) => ({ sessionId: wanted.connector ?? '', url: 'https://tenon.example.com/connect/1' }) });
// @ts-expect-error There are no words in this language.
configure({ language: 'nl' });
// @ts-expect-error There is no such setting.
configure({ url: 'https://tenon.example.com' });

const button = document.createElement('tenon-connect-button');
button satisfies TenonConnectButton;
button.mode = 'redirect';
button.returnUrl = 'https://app.example.com/';
button.reset();
// @ts-expect-error There is no such mode.
button.mode = 'tab';
// @ts-expect-error There is no such property.
button.target = '_blank';
// @ts-expect-error What it shows is its own.
button.phase = 'idle';

button.addEventListener('tenon-connected', (event) => event.detail.connectionId satisfies string);
document.addEventListener('tenon-failed', (event) => event.detail.code satisfies string);
// @ts-expect-error A failure has no connection.
button.addEventListener('tenon-failed', (event) => event.detail.connectionId);
// @ts-expect-error The id is a text.
button.addEventListener('tenon-connected', (event) => event.detail.connectionId satisfies number);

const form = document.querySelector('tenon-schema-form')!;
form satisfies TenonSchemaForm;
form.hide = ['subdomain'];
form.addEventListener('tenon-submit', (event) => event.detail satisfies Entered);
// @ts-expect-error A scheme is an object of the API.
form.scheme = 'api_key';

document.querySelector('tenon-status')!.connection = 'con_1';
document.querySelector('tenon-connectors')!.mode = 'popup';
// @ts-expect-error There is no such element.
document.querySelector('tenon-button')!.mode = 'popup';
