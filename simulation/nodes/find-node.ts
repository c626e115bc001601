import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Node to run tasks with. */
export interface AgentNode {
  /** Which of the agent's two Nodes it is, or replaces. */
  readonly kind: '20' | '24';
  readonly version: string;
  /** Absolute path of the binary. */
  readonly path: string;
  /** False if the registry has no such Node for this platform and the running one is used: tell the user. */
  readonly exact: boolean;
}

/** First the version that Microsoft-hosted agents run. */
const kinds = ['24', '20'] as const;

/** The Nodes of the Azure Pipelines agent that run the tasks (task.json: `Node24`, `Node20_1`), installed by `npm ci` here. */
export function agentNodes(): AgentNode[] {
  return kinds.map((kind) => {
    const folder = join(__dirname, 'node_modules', `node${kind}-${platformName()}`);
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (!existsSync(path)) return { kind, version: process.versions.node, path: process.execPath, exact: false };
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { kind, version, path, exact: true };
  });
}

function platformName(): string {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}
