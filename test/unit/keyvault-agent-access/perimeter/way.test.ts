import assert from 'node:assert/strict';
import type { AssociationLookup } from '../../../../tasks/keyvault-agent-access/ports/profile';
import { decideWay, type Refusal } from '../../../../tasks/keyvault-agent-access/perimeter/way';
import { profileId } from './fake-profile';

const found = (accessMode: string): AssociationLookup => ({
  kind: 'found',
  association: { profileId, accessMode, issues: [] },
});
const unknown: AssociationLookup = { kind: 'unknown', reason: 'Azure does not offer this information here' };
const none: AssociationLookup = { kind: 'none' };

describe('the way in', () => {
  const table: [Refusal['exposure'], byPerimeter: boolean, string, AssociationLookup, string][] = [
    ['firewalled', false, 'no association', none, 'firewall'],
    ['firewalled', false, 'Learning', found('Learning'), 'firewall'],
    ['firewalled', false, 'Audit', found('Audit'), 'firewall'],
    ['firewalled', false, 'Enforced', found('Enforced'), 'perimeter'],
    ['firewalled', false, 'nothing known', unknown, 'firewall'],
    ['firewalled', true, 'Enforced', found('Enforced'), 'perimeter'],
    ['firewalled', true, 'enforced, in lower case', found('enforced'), 'perimeter'],
    ['firewalled', true, 'a mode that Azure may add', found('Strict'), 'perimeter'],
    ['firewalled', true, 'no association', none, 'unassociated'],
    ['firewalled', true, 'nothing known', unknown, 'unknown'],
    ['open', true, 'Enforced', found('Enforced'), 'perimeter'],
    ['private', false, 'no association', none, 'private'],
    ['private', false, 'Learning', found('Learning'), 'perimeter'],
    ['private', true, 'Enforced', found('Enforced'), 'perimeter'],
    ['private', false, 'nothing known', unknown, 'private'],
    ['private', true, 'nothing known', unknown, 'unknown'],
    ['perimeter', true, 'no association', none, 'unassociated'],
    ['perimeter', false, 'no association', none, 'unassociated'],
    ['perimeter', true, 'Learning', found('Learning'), 'perimeter'],
    ['perimeter', true, 'Enforced', found('Enforced'), 'perimeter'],
    ['perimeter', true, 'nothing known', unknown, 'unknown'],
  ];
  for (const [exposure, byPerimeter, what, lookup, way] of table) {
    const refusal = byPerimeter ? 'refused by the perimeter' : 'refused otherwise';
    it(`of a vault that is ${exposure}, ${refusal}, with ${what}: ${way}`, () => {
      assert.equal(decideWay({ exposure, byPerimeter, lookup }).kind, way);
    });
  }

  it('keeps the reason why Azure does not show it', () => {
    const way = decideWay({ exposure: 'perimeter', byPerimeter: true, lookup: unknown });
    assert.deepEqual(way, { kind: 'unknown', reason: 'Azure does not offer this information here' });
  });
});
