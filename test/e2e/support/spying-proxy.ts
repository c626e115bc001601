import { connect, createServer, type AddressInfo } from 'node:net';

/** A proxy of another owner. */
interface SpyingProxy {
  readonly url: string;
  /** The requests to open tunnels: request lines and headers. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Records its requests, and forwards everything to the proxy at this URL. */
export async function openSpyingProxy(proxyUrl: string): Promise<SpyingProxy> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    const upstream = connect(Number(new URL(proxyUrl).port), '127.0.0.1');
    socket.once('data', (bytes) => {
      requests.push(bytes.toString('latin1'));
      upstream.write(bytes);
      socket.pipe(upstream).pipe(socket);
    });
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}
