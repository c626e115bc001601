import { StringDecoder } from 'node:string_decoder';

/** Splits the bytes of one stream into lines. */
interface LineSplitter {
  /** The lines that are complete now. */
  readonly push: (bytes: Buffer) => string[];
  /** The last line, if it was not ended. */
  readonly end: () => string[];
}

/** Lines end at LF, CR LF or a single CR, as in .NET's `StreamReader.ReadLine`. */
export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push: (bytes) => {
      rest += decoder.write(bytes);
      // A CR at the end can be the first half of CR LF, so it waits for the next character.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      return lines;
    },
    end: () => {
      const last = rest + decoder.end();
      rest = '';
      if (last === '') return [];
      return last.endsWith('\r') ? [last.slice(0, -1)] : [last];
    },
  };
}
