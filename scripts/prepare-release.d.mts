export declare function prepareRelease(folder: string, version: string, date: string): Promise<string[]>;
