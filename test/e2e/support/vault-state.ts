import type { Workplace } from '../../../simulation/workplace';

interface Sight {
  readonly tags: Record<string, string>;
  readonly properties: { readonly networkAcls?: { readonly ipRules: readonly { readonly value: string }[] } };
}

function look({ azure, contoso }: Pick<Workplace, 'azure' | 'contoso'>): Sight {
  return azure.vaultResource(contoso.vault) as unknown as Sight;
}

/** The networks of the vault's IP rules, as ARM has them now. */
export function rulesOf(place: Pick<Workplace, 'azure' | 'contoso'>): string[] {
  return (look(place).properties.networkAcls?.ipRules ?? []).map(({ value }) => value);
}

/** The vault's tags, as ARM has them now. */
export function tagsOf(place: Pick<Workplace, 'azure' | 'contoso'>): Record<string, string> {
  return look(place).tags;
}
