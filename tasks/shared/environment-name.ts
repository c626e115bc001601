/** A variable's name as the agent writes it in the environment (microsoft/azure-pipelines-agent, VarUtil.cs). */
export function environmentName(name: string): string {
  return name.replace(/[. ]/g, '_').toUpperCase();
}
