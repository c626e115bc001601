export declare function findVsix(): Promise<string>;
export declare function readVsix(file: string): Promise<Map<string, Uint8Array>>;
export declare function unpackVsix(file: string, folder: string): Promise<void>;
export declare function normalizeVsix(file: string): Promise<void>;
