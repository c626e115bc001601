export const hasSchema: boolean;
export function findSchemaProblems(task: string, definition: object): string[];
