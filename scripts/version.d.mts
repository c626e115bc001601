export declare function parseVersion(text: string): {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
};
export declare function refuseVersion(
  version: string,
  known: { readonly current: string; readonly newest: string | undefined },
): void;
export declare function writeVersion(file: string, text: string, version: string): string;
