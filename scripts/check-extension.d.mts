export declare function findExtensionProblems(files: ReadonlyMap<string, Uint8Array>, size: number): string[];
export declare function checkExtension(vsix: string): Promise<void>;
