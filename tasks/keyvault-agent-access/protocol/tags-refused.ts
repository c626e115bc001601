import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';

/**
 * The vault's tags cannot take the leases: no room, or a policy is against it. An opening goes on without them; for
 * everyone else the diagnosis is the result.
 */
export class TagsRefused extends DiagnosedError {
  constructor(
    readonly reason: string,
    diagnosis: Diagnosis,
  ) {
    super(diagnosis);
  }
}
