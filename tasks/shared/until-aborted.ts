/**
 * The result of the work, or the signal's reason as soon as it is aborted: the SDK's clients do not observe it
 * everywhere.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
    };
    const forget = () => {
      signal.removeEventListener('abort', stop);
    };
    work.then(resolve, reject).finally(forget);
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener('abort', stop, { once: true });
    }
  });
}
