export declare function refuseOldNode(
  process: { readonly versions: { readonly node: string }; exit(code: number): void },
  fs: { writeSync(descriptor: number, text: string): void },
  url: string,
): void;
