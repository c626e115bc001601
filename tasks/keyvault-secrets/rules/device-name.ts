/** Whether Windows treats the name as a device, with any extension (Microsoft: Naming Files, Paths, and Namespaces). */
export function isDevice(segment: string): boolean {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(segment);
}
