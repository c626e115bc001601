/** Messages about the step's inputs. A problem continues `Input 'name': `. */
export const inputMessages = {
  unusablePrefix: (prefix: string) =>
    `'${prefix}' cannot begin a name. Allowed: letters, digits, dot, dash and underscore.`,
  noCondition: (line: string) => `'${line}' is not a condition. Allowed: tag, tag=value, tag!=value.`,
};
