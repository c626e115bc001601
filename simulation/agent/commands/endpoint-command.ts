import type { CommandHandler } from './command-handler';
import { addSecret } from './variable-commands';

const systemConnectionId = '00000000-0000-0000-0000-000000000000';

/** `task.setendpoint`: changes a service connection for the rest of the job. */
export const setEndpoint: CommandHandler = ({ properties, data }, job, stage) => {
  if (data === '') throw new Error('Enter a valid value for setendpoint.');
  const field = required(properties.get('field'), 'field').toLowerCase();
  if (field === 'authparameter') addSecret(data, job);
  const id = required(properties.get('id'), 'id').toLowerCase();
  if (id === systemConnectionId) {
    stage.log.warning("Modification of system endpoint 'SystemVssConnection' is not allowed via setendpoint command.");
    return;
  }
  const connection = job.connections.get(id);
  if (!connection) throw new Error(`Service connection '${id}' is not declared in this job.`);
  if (field === 'url') {
    if (!URL.canParse(data)) throw new Error(`'${data}' is no absolute URL.`);
    job.connections.set(id, { ...connection, url: data });
    return;
  }
  const key = required(properties.get('key'), 'key');
  if (field === 'dataparameter') job.connections.set(id, { ...connection, data: { ...connection.data, [key]: data } });
  else if (field === 'authparameter') {
    job.connections.set(id, { ...connection, parameters: { ...connection.parameters, [key]: data } });
  } else throw new Error(`Field '${field}' is none of url, dataParameter, authParameter.`);
};

function required(value: string | undefined, name: string): string {
  if (!value) throw new Error(`Required field '${name}' is missing in ##vso[task.setendpoint] command.`);
  return value;
}
