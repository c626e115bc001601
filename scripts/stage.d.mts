export declare function stageExtension(
  root: string,
  folder: string,
  options: { readonly notices: string; readonly development: boolean; readonly build?: number },
): Promise<void>;
