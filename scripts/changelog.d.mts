export declare function newestRelease(changelog: string): string | undefined;
export declare function closeUnreleased(changelog: string, version: string, date: string): string;
