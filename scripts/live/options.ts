import { parseArgs } from 'node:util';
import { readPrincipal, type Principal } from '../agent/real-azure';

/** The options of `npm run live`. */
export interface LiveOptions {
  readonly subscription: string;
  readonly location: string;
  /** Do not remove anything. */
  readonly keep: boolean;
  /** Folder of the two reports. */
  readonly report: string;
  /** The credentials with which the tasks sign in. */
  readonly principal: Principal;
}

const usage = `npm run live -- --subscription <id> [--location <region>] [--keep] [--report <folder>]

The Azure CLI has to be signed in (az login) as an Owner of the subscription, or as a Contributor who may assign roles.
The tasks sign in with a service principal that needs no role yet:
  AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment`;

/** @throws Error with the usage if something is missing or unknown. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): LiveOptions {
  const { values } = parse(args);
  const { subscription = '', location, keep, report } = values;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)) {
    throw new Error(`'${subscription}' is not a subscription id.\n\n${usage}`);
  }
  const principal = withUsage(() => readPrincipal(environment));
  return { subscription, location, keep, report, principal };
}

function parse(args: readonly string[]) {
  return withUsage(() =>
    parseArgs({
      args: [...args],
      options: {
        subscription: { type: 'string' },
        location: { type: 'string', default: 'westeurope' },
        keep: { type: 'boolean', default: false },
        report: { type: 'string', default: 'out/live' },
      },
    }),
  );
}

function withUsage<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}
