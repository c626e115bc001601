export type Contract = Readonly<Record<string, object>>;

export declare function recordContract(definitions: readonly object[]): Contract;
export declare function findBreaks(released: Contract, present: Contract): string[];
