/** The results of the live check for one assumption of the register. */
export interface Finding {
  readonly id: string;
  readonly holds: boolean;
  /** What was observed. */
  readonly evidence: string;
}

/** Times in milliseconds, by what they measure. */
export type Measurements = Record<string, number>;

export interface Findings {
  readonly all: readonly Finding[];
  readonly measurements: Measurements;
  readonly note: (id: string, holds: boolean, evidence: string) => void;
}

export function createFindings(log: (text: string) => void): Findings {
  const all: Finding[] = [];
  return {
    all,
    measurements: {},
    note: (id, holds, evidence) => {
      all.push({ id, holds, evidence });
      log(`${holds ? 'ok  ' : 'NOT '} ${id}: ${evidence}`);
    },
  };
}
