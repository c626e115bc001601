/** As the agent spells a variable's name in the environment (microsoft/azure-pipelines-agent, VarUtil.cs). */
export function environmentName(name: string): string {
  return name.replace(/[. ]/g, '_').toUpperCase();
}
