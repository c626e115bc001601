/** What must be removed, last first; each with the command that removes it. */
export interface Removal {
  readonly add: (what: string, command: string, remove: () => Promise<void>) => void;
  /** Removes everything that exists. Returns what could not be removed. */
  readonly run: () => Promise<readonly Leftover[]>;
  /** What exists now. */
  readonly pending: () => readonly Leftover[];
}

export interface Leftover {
  readonly what: string;
  readonly command: string;
  readonly reason: string;
}

export function createRemoval(log: (text: string) => void): Removal {
  const stack: { what: string; command: string; remove: () => Promise<void> }[] = [];
  return {
    add: (what, command, remove) => stack.push({ what, command, remove }),
    run: async () => {
      const left: Leftover[] = [];
      for (let last = stack.at(-1); last !== undefined; last = stack.at(-1)) {
        const { what, command, remove } = last;
        log(`Removing ${what}`);
        await remove().catch((error: unknown) => left.push({ what, command, reason: (error as Error).message }));
        stack.pop();
      }
      return left;
    },
    pending: () => stack.map(({ what, command }) => ({ what, command, reason: 'not tried' })).reverse(),
  };
}
