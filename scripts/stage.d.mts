export declare function stageExtension(
  root: string,
  folder: string,
  options: { readonly notices: string; readonly development: boolean },
): Promise<void>;
