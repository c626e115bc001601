import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';
import { throughSubnet } from '../../shared/errors/network-access';
import { networkOfOne } from './address';
import { findAddress, type FindAddressParts } from './find-address';
import { openingMessages as messages } from '../messages/opening';
import { refusalMessages as refusals } from '../messages/refusals';

/**
 * The networks to allow: the user's, or those of this agent; none through a private endpoint.
 *
 * @throws DiagnosedError AKV-SUBNET: a rule for an address does not help behind a service endpoint.
 */
export async function findNetworks(given: readonly string[], parts: FindAddressParts): Promise<readonly string[]> {
  if (given.length > 0) {
    return given;
  }
  const path = await findAddress(parts);
  switch (path.kind) {
    case 'privateLink':
      return [];
    case 'subnet':
      throw new DiagnosedError(unchanged(throughSubnet(parts.vault, path.subnet)));
    case 'public':
      parts.log.info(messages.reachedFrom(parts.vault, path.addresses, path.source));
      return path.addresses.map(networkOfOne);
  }
}

/** The diagnosis of a vault that was left as it was. */
export function unchanged(diagnosis: Diagnosis): Diagnosis {
  return { ...diagnosis, summary: `${diagnosis.summary} ${refusals.nothingChanged}` };
}
