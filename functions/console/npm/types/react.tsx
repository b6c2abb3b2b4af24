// What JSX of React 19 may say of the elements, and what not.

import { useRef } from 'react';
import type { TenonConnectButton } from '@tenonhq/tenon/elements';
import type {} from '@tenonhq/tenon/react';

export function Page({ token }: { token: () => string }) {
  const button = useRef<TenonConnectButton>(null);
  return (
    <>
      <tenon-connect-button ref={button} key="1" className="wide" slot="main" connector="hubspot" token={token} return-url="https://app.example.com/" endUser="17"
        ontenon-connected={(event) => event.detail.connectionId satisfies string} ontenon-cancelled={() => button.current?.reset()}>Connect</tenon-connect-button>
      <tenon-connectors api="https://tenon.example.com" mode="popup" end-user="17" />
      <tenon-status status="active" />
      <tenon-schema-form credential hide={['subdomain']} label="Save" ontenon-submit={(event) => event.detail.credential['apiKey'] satisfies string | undefined} />
    </>
  );
}

export const wrong = [
  // @ts-expect-error There is no such attribute.
  <tenon-connect-button connecter="hubspot" />,
  // @ts-expect-error There is no such mode.
  <tenon-connect-button mode="tab" />,
  // @ts-expect-error A method is no attribute.
  <tenon-connect-button reset={() => undefined} />,
  // @ts-expect-error A failure has no connection.
  <tenon-connect-button ontenon-failed={(event) => event.detail.connectionId} />,
  // @ts-expect-error A listener is a function.
  <tenon-connect-button ontenon-cancelled="back" />,
  // @ts-expect-error There is no such element.
  <tenon-button />,
];
