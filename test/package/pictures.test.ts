import assert from 'node:assert/strict';
import { composeFirewallPage } from '../../scripts/screenshots/firewall-page';
import { composeForms } from '../../scripts/screenshots/forms';
import { composeLogPage } from '../../scripts/screenshots/log-page';
import { legibleText, pictureSize, shownWidth } from '../../scripts/screenshots/page';

/** The smallest text of a page, in its own pixels. */
function smallestText(html: string): number {
  const zoom = Number(/zoom: ([\d.]+)/.exec(html)?.[1] ?? '1');
  const sizes = [...html.matchAll(/font(?:-size)?: ([\d.]+)px/g)].map(([, size]) => Number(size));
  return Math.min(...sizes) * zoom;
}

describe('the pictures in the Marketplace', () => {
  const sight = { defaultAction: 'Deny', rules: [], tags: {} };

  it('have no text that is too small where the page shows them in a window of 1280 pixels', async () => {
    const pages = {
      'log.png': composeLogPage({ steps: [] }),
      'firewall.png': composeFirewallPage('contoso-kv', [{ title: 'Before the job', sight }]),
      ...(await composeForms()),
    };
    for (const [picture, html] of Object.entries(pages)) {
      const shown = (smallestText(html) * shownWidth) / pictureSize.width;
      assert.ok(shown >= legibleText, `${picture} has text of ${shown.toFixed(1)} pixels`);
    }
  });

  it('say that they are from the local agent', () => {
    for (const html of [composeLogPage({ steps: [] }), composeFirewallPage('contoso-kv', [{ title: '', sight }])]) {
      assert.match(html, /in the local agent, against the simulated Azure/);
    }
  });
});
