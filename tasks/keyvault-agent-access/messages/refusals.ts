/** A setting that changed, and the option of `az keyvault update` for it. */
interface SettingChange {
  readonly setting: string;
  readonly option: string;
  readonly before: string;
  readonly after: string;
}

/** Why a vault's firewall cannot be opened for this agent, and what helps instead. */
export const refusalMessages = {
  nothingChanged: 'Nothing was changed.',
  furtherAddress: (vault: string, address: string, reason: string) => ({
    summary: `'${vault}' sees this agent as ${address}, which ${reason}.`,
    remedy: ["Leave 'ipAddresses' empty to use the address that the vault reports, or add this one."],
  }),
  settingsChanged: (vault: string, where: string, changes: readonly SettingChange[]) => ({
    summary: `The change to the firewall rules of '${vault}' also changed ${changes.map(({ setting, before, after }) => `${setting} from ${before} to ${after}`).join(' and ')}.`,
    cause:
      'An Azure Policy with the effect "modify" changes vaults on every write; or another writer changed the setting at the same time.',
    remedy: [
      `To restore it: az keyvault update ${where} ${changes.map(({ option, before }) => `${option} ${before}`).join(' ')}`,
      'Before that, ask the owner of the policy for an exemption for this vault, because every further write changes it again.',
    ],
  }),
  notInInput: "is not in the input 'ipAddresses'",
  notPublic: 'no rule can allow because it is not public',
  tooManyAddresses: (vault: string, addresses: readonly string[]) => ({
    summary: `This agent reaches '${vault}' from too many addresses: ${addresses.join(', ')}.`,
    cause: 'It is behind a pool of addresses that changes with every connection.',
    remedy: [
      "Give the pool's range in the input 'ipAddresses', e.g. 203.0.113.0/28, or use a NAT gateway with one address.",
    ],
  }),
};
