import assert from 'node:assert/strict';
import { readJson } from '../../scripts/package/definitions';
import { composeRun } from '../../scripts/screenshots/example-run';
import { fingerprintForms } from '../../scripts/screenshots/forms';
import { textsOf } from '../../scripts/screenshots/shown-text';

// Only a release checks the pictures (`npm run check:pictures`): drawing them needs Chromium, changing a sentence does not.

describe('the pictures in the Marketplace', () => {
  it("show log and firewall as a run of the example looks today; if not: 'npm run screenshots'", async () => {
    assert.deepEqual(textsOf(await composeRun()), readJson('images/source/run.json'));
  });

  it("show the forms of the editor as the task.json of today make them; if not: 'npm run screenshots'", async () => {
    assert.deepEqual(await fingerprintForms(), readJson('images/source/forms.json'));
  });
});
