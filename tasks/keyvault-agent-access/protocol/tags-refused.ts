import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';

/**
 * The vault's tags cannot hold the leases: there is no room, or a policy denies it. Opening continues without them; for
 * everything else the diagnosis is the result.
 */
export class TagsRefused extends DiagnosedError {
  constructor(
    readonly reason: string,
    diagnosis: Diagnosis,
  ) {
    super(diagnosis);
  }
}
