/** Whether Windows takes the name for a device, with any ending (Microsoft: Naming Files, Paths, and Namespaces). */
export function isDevice(segment: string): boolean {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(segment);
}
