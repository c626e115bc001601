import { answerError, jsonOf, readFault } from '../../shared/errors/fault';
import { wayMessages } from '../messages/perimeter';
import { parseProfileId } from '../resource-ids/profile-id';
import type { AssociationLookup } from '../ports/profile';
import { sendArmRequest } from './arm-request';
import type { ServiceParts } from './service-parts';
import { missingFromPerimeter as shape } from './response-shape';

/**
 * Versions of Key Vault's API in which a vault shows its perimeter: a preview, and the stable version that its examples
 * name (Azure/azure-rest-api-specs, Microsoft.KeyVault 2026-04-01-preview). Azure withdraws previews, so none is counted on.
 */
const versions = ['2026-04-01-preview', '2026-04-01'];

/** Azure's codes for a version that it does not offer, or no longer. */
const versionRefusals = new Set(['InvalidApiVersionParameter', 'NoRegisteredProviderFound', 'InvalidResourceType']);

interface Configuration {
  readonly properties?: {
    readonly networkSecurityPerimeter?: { readonly id?: string };
    readonly resourceAssociation?: { readonly accessMode?: string };
    readonly profile?: { readonly name?: string };
    readonly provisioningIssues?: readonly { readonly properties?: { readonly description?: string } }[];
  };
}

/** Asks a vault for its perimeter. Never fails: what Azure does not show can be set in `perimeterProfile`. */
export async function findAssociation(
  vaultId: string,
  parts: ServiceParts,
  signal: AbortSignal,
): Promise<AssociationLookup> {
  const { noTelling } = wayMessages;
  for (const version of versions) {
    try {
      const url = `${parts.cloud.resourceManager}${vaultId}/networkSecurityPerimeterConfigurations?api-version=${version}`;
      const response = await sendArmRequest({ url, shape }, parts, parts.client, signal);
      if (response.status === 200) {
        return toLookup(jsonOf(response));
      }
      const { code } = readFault(answerError(response));
      if (!versionRefusals.has(code)) {
        return { kind: 'unknown', reason: noTelling.refused(code === '' ? `HTTP ${response.status}` : code) };
      }
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unknown', reason: readFault(error).message };
    }
  }
  return { kind: 'unknown', reason: noTelling.notOffered };
}

function toLookup(answer: unknown): AssociationLookup {
  const value = (answer as { value?: unknown } | undefined)?.value;
  const unreadable: AssociationLookup = { kind: 'unknown', reason: wayMessages.noTelling.unreadable };
  if (!Array.isArray(value)) {
    return unreadable;
  }
  const [configuration] = value as Configuration[];
  if (configuration === undefined) {
    return { kind: 'none' };
  }
  const { networkSecurityPerimeter, profile, provisioningIssues, resourceAssociation } = configuration.properties ?? {};
  const id = parseProfileId(`${networkSecurityPerimeter?.id ?? ''}/profiles/${profile?.name ?? ''}`);
  return id === undefined
    ? unreadable
    : {
        kind: 'found',
        association: {
          profileId: id.id,
          accessMode: resourceAssociation?.accessMode ?? '',
          issues: (provisioningIssues ?? []).flatMap(({ properties }) => properties?.description ?? []),
        },
      };
}
