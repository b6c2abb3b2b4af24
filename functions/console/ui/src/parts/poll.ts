/** Pace says how long a poll waits between two questions, in milliseconds: at first, and at most. */
export interface Pace { first: number; most: number }

/**
 * poll asks until the answer is true, or the signal is aborted. The pauses grow by
 * half. It rests while the page is hidden, and asks at once when it is seen again.
 */
export async function poll(ask: () => Promise<boolean>, { first, most }: Pace, signal: AbortSignal): Promise<void> {
  for (let pause = first; !signal.aborted; pause = Math.min(pause * 1.5, most)) {
    await (document.hidden ? seen(signal) : elapsed(pause, signal));
    if (signal.aborted || await ask()) return;
  }
}

/** seen waits until the page is not hidden. */
function seen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => { if (!document.hidden || signal.aborted) end(); };
    const end = () => {
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', end);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', end);
  });
}

/** elapsed waits for a while, or until the page is hidden or seen again. */
async function elapsed(pause: number, signal: AbortSignal): Promise<void> {
  let wake!: () => void;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const timer = setTimeout(wake, pause);
  document.addEventListener('visibilitychange', wake);
  signal.addEventListener('abort', wake);
  await woken;
  clearTimeout(timer);
  document.removeEventListener('visibilitychange', wake);
  signal.removeEventListener('abort', wake);
  if (document.hidden && !signal.aborted) await seen(signal);
}
