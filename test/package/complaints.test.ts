import assert from 'node:assert/strict';
import { complaints } from '../fixtures/complaints';
import { readSections, search } from './page-search';

/** What people with a problem type, and what an ordinary full-text search of the pages gives them. */
describe('a complaint, typed as it was posted, finds the section that solves it', () => {
  const sections = readSections();

  it('for at least twenty complaints, each with its link', () => {
    assert.ok(complaints.length >= 20);
    assert.equal(new Set(complaints.map(({ source }) => source)).size, complaints.length);
    for (const { source, words } of complaints) {
      assert.match(source, /^https:\/\//);
      assert.ok(words.length > 50, source);
    }
  });

  for (const { source, solved, words } of complaints) {
    it(`${source}: ${words.slice(0, 80)}`, () => {
      for (const place of solved)
        assert.ok(
          sections.some((section) => section.place === place),
          place,
        );
      const found = search(words, sections);
      assert.ok(solved.includes(found[0]!), `${found.slice(0, 5).join('\n')}\ninstead of ${solved.join(', ')}`);
    });
  }
});
