/** How a logging command sets a variable, apart from its value. */
interface SettingOptions {
  /** Keeps the case of the name in the environment of later steps. */
  readonly preserveCase?: boolean;
}

/** A step that sets variables by nothing but what it prints, as a tool's untrusted output can. */
export function settingStep(variables: Readonly<Record<string, string>>, options: SettingOptions = {}): string {
  const suffix = options.preserveCase === true ? ';preservecase=true' : '';
  const commands = Object.entries(variables).map(
    ([name, value]) => `##vso[task.setvariable variable=${name}${suffix}]${value.replaceAll('\n', '%0A')}`,
  );
  return commands.map((command) => `\n  - bash: ${JSON.stringify(`echo '${command}'`)}`).join('');
}
