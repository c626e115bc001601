import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/package/definitions';

/** A heading of a page and the text below it. */
export interface Section {
  /** `page.md#heading`, as a link. */
  readonly place: string;
  readonly words: readonly string[];
}

/** Pages for those who maintain the tasks. */
const forMaintainers = new Set(['azure-assumptions.md', 'conformance.md', 'performance.md', 'releasing.md']);

/** The sections of all pages of docs/ for users. */
export function readSections(): readonly Section[] {
  const names = readdirSync(path.join(root, 'docs'));
  const pages = names.filter((name) => name.endsWith('.md') && !forMaintainers.has(name));
  return pages.flatMap((page) => sectionsOf(page, readFileSync(path.join(root, 'docs', page), 'utf8')));
}

function sectionsOf(page: string, text: string): readonly Section[] {
  // A line that starts with # in a code block is no heading.
  const blocks = text.split(/^(?=```)/m);
  const marked = blocks.map((block, index) => (index % 2 === 1 ? block.replace(/^#/gm, ' #') : block)).join('');
  return marked.split(/^(?=#{1,4} )/m).flatMap((part) => {
    const heading = /^#+ (.+)$/m.exec(part)?.[1];
    if (heading === undefined) return [];
    const fragment = heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
    // A heading says most of what a section is about: its words count twice.
    return [{ place: `${page}#${fragment}`, words: [...wordsOf(heading), ...wordsOf(part)] }];
  });
}

const stopWords = new Set(
  (
    'a about after all also although am an and any are as at be because been before being but by can could did do does ' +
    'doing don down each else even ever every for from get gets getting go had has have having he her here him his how i if ' +
    'im in into is it its itself just like ll made make makes me more most much my need needs no nor not now of off on ' +
    'one only or other our out over own re same seem seems she should so some such than that the their them then there ' +
    'these they this those through to too under until up us ve very want was way we well were what when where which ' +
    'while who whom why will with would you your'
  ).split(' '),
);

/**
 * Words as search engines compare them: in lower case, without the commonest ones, cut to their stems. Names such as
 * KeyVault count as the words they are made of.
 */
function wordsOf(text: string): readonly string[] {
  const spaced = text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[’']/g, '');
  const words = spaced.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
  return words.filter((word) => !stopWords.has(word)).map(stemOf);
}

// cspell:ignore ation
function stemOf(word: string): string {
  const stem = word.replace(/(ies)$/, 'y').replace(/(?<=\w{3})(ing|ed|es|s|e|ation|ions?)$/, '');
  return stem.replace(/(\w)\1$/, '$1');
}

/** The sections by BM25, the usual measure of search engines with its usual constants; the best first. */
export function search(query: string, sections: readonly Section[]): readonly string[] {
  const average = sections.reduce((sum, { words }) => sum + words.length, 0) / sections.length;
  const terms = [...new Set(wordsOf(query))].map((term) => {
    const found = sections.filter(({ words }) => words.includes(term)).length;
    return { term, weight: Math.log(1 + (sections.length - found + 0.5) / (found + 0.5)) };
  });
  const scoreOf = ({ words }: Section) =>
    terms.reduce((score, { term, weight }) => {
      const count = words.filter((word) => word === term).length;
      return score + (weight * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / average));
    }, 0);
  return sections
    .map((section) => ({ place: section.place, score: scoreOf(section) }))
    .toSorted((one, other) => other.score - one.score)
    .map(({ place }) => place);
}
