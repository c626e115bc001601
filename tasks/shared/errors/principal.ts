import { identityMessages } from '../messages/connection';

/** A refused identity as Azure's refusals name it, for the commands in the advice. */
interface Principal {
  /** Options of `az role assignment create`. */
  readonly assignee: string;
  /** Option of `az keyvault set-policy`. */
  readonly policyOption: string;
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const objectId = new RegExp(`(?:oid=|object id ')(${guid})`, 'i');

/**
 * Refusals contain the object ID of the caller, so commands with it can be copied from the log. The application ID
 * cannot be used: the agent treats it as a secret of the service connection and masks it.
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
