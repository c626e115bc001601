import assert from 'node:assert/strict';
import { composeRun } from '../../scripts/screenshots/example-run';
import { textsOf } from '../../scripts/screenshots/shown-text';
import { readJson } from '../package/definitions';

describe('the pictures in the Marketplace', () => {
  it("show log and firewall as a run of the example looks today; if not: 'npm run screenshots'", async () => {
    assert.deepEqual(textsOf(await composeRun()), readJson('images/source/run.json'));
  });
});
