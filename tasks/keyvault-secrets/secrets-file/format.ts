/** The formats that `auto` chooses from. The first is the default of the input. */
export const secretsFileFormats = ['auto', 'env', 'dotenv', 'json', 'nestedJson', 'yaml', 'nestedYaml'] as const;

/**
 * The format of the file. `env` is literal, for `docker --env-file`; `dotenv` is quoted, for `source` in bash and for
 * `node --env-file`. The nested formats begin a level at each `--` of a name, as .NET reads names of Key Vault.
 */
export type SecretsFileFormat = Exclude<(typeof secretsFileFormats)[number], 'auto'>;

/** The file with all variables of the step. */
export interface SecretsFile {
  /** Path below the step's folder for secret files, with `/` between its parts. */
  readonly path: string;
  readonly format: SecretsFileFormat;
}

/** The variable with the path of the file. */
export const pathVariable = 'secretsFilePath';

const endings: readonly (readonly [RegExp, SecretsFileFormat])[] = [
  [/\.env$/i, 'env'],
  [/\.json$/i, 'json'],
  [/\.ya?ml$/i, 'yaml'],
];

/** The format that the path's extension determines. */
export function formatOf(path: string): SecretsFileFormat | undefined {
  return endings.find(([ending]) => ending.test(path))?.[1];
}

/** Whether programs that read the file set environment variables with its names. */
export function holdsEnvironment(file: SecretsFile | undefined): boolean {
  return file?.format === 'env' || file?.format === 'dotenv';
}

/** The levels of a name. `A--B--C` are three, as `Replace("--", ":")` of .NET's Key Vault configuration provider. */
export function levelsOf(format: SecretsFileFormat, name: string): readonly string[] {
  return format === 'nestedJson' || format === 'nestedYaml' ? name.split('--') : [name];
}
