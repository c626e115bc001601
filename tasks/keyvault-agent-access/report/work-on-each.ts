import pLimit from 'p-limit';
import type { Diagnosis } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';

/** A vault or profile, and what is to be done with it. `work` gives the cells of its row in the report. */
export interface Target {
  readonly name: string;
  readonly work: () => Promise<readonly string[]>;
}

/** What became of a target. */
export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly failure?: Diagnosis;
}

/** A sweep can have hundreds of vaults; Azure Resource Manager gives an identity 25 reads and 10 writes a second. */
const mostAtOnce = 8;

/** Does the work of each target, whatever becomes of the others. Only the end of the step stops all of them. */
export function workOnEach(targets: readonly Target[], signal: AbortSignal): Promise<readonly Row[]> {
  const limit = pLimit(mostAtOnce);
  return Promise.all(
    targets.map(({ name, work }) =>
      limit(async (): Promise<Row> => {
        try {
          signal.throwIfAborted();
          return { name, cells: await work() };
        } catch (error) {
          signal.throwIfAborted();
          return { name, cells: [], failure: explain(error).diagnosis };
        }
      }),
    ),
  );
}
