import { identityMessages } from '../messages/connection';

/** A refused identity as Azure's own refusals name it, for the commands that help. */
interface Principal {
  /** Options of `az role assignment create`. */
  readonly assignee: string;
  /** Option of `az keyvault set-policy`. */
  readonly policyOption: string;
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const objectId = new RegExp(`(?:oid=|object id ')(${guid})`, 'i');

/**
 * Refusals carry the object id of the caller, and commands with it can be copied from the log as they are. The
 * application id cannot: the agent takes it for a secret of the service connection and masks it.
 */
export function principalOf(message: string): Principal {
  const id = objectId.exec(message)?.[1];
  const application = identityMessages.applicationIdUnknown;
  return id === undefined
    ? { assignee: `--assignee ${application}`, policyOption: `--spn ${application}` }
    : {
        assignee: `--assignee-object-id ${id} --assignee-principal-type ServicePrincipal`,
        policyOption: `--object-id ${id}`,
      };
}
