export declare function findStartUpProblems(folder: string, node: string): Promise<string[]>;
