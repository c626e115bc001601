/**
 * Latencies like Azure's, in milliseconds: Resource Manager reads in 50 to 150 and writes in 150 to 400, everything else
 * answers in 5. The order is the same in every run.
 */
export function createAzureLatency(): (request: { readonly service: string; readonly method: string }) => number {
  let count = 0;
  return ({ service, method }) => {
    if (service !== 'arm') {
      return 5;
    }
    count += 1;
    const share = ((count * 2_654_435_761) % 1_000) / 1_000;
    return method === 'PATCH' ? 150 + share * 250 : 50 + share * 100;
  };
}
