import { DiagnosedError } from '../shared/errors/diagnosis';

/**
 * Azure does not find the vault itself, so there is no firewall any more that could be open. Not so when it is the
 * vault's group or subscription that Azure does not find: the vault may have been moved, or the identity may have lost
 * its access.
 */
export class VaultGone extends DiagnosedError {}
