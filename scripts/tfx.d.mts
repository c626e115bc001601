export declare function createVsix(stage: string, vsix: string, overrides?: string): Promise<void>;
