import assert from 'node:assert/strict';
import { placeOf } from '../../../../tasks/shared/sign-in/connection-place';

const id = '33333333-3333-4333-8333-333333333333';
describe('the place of a service connection', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['https://dev.azure.com/contoso/', 'contoso', 'https://dev.azure.com/contoso/shop'],
    ['https://contoso.visualstudio.com/', 'contoso', 'https://contoso.visualstudio.com/shop'],
    ['https://tfs.example/tfs/Main/', 'Main', 'https://tfs.example/tfs/Main/shop'],
  ];
  for (const [url, organization, project] of rows) {
    it(`is a page of ${url}`, () => {
      const page = `${project}/_settings/adminservices?resourceId=${id}`;
      assert.deepEqual(placeOf(id, url, 'shop'), { organization, project: 'shop', url: page });
    });
  }

  it('stays on the server when a step has changed the name of the project', () => {
    const place = placeOf(id, 'https://dev.azure.com/contoso/', '../../@evil.example/?');
    assert.match(place!.url, /^https:\/\/dev\.azure\.com\/contoso\/\.\.%2F\.\.%2F%40evil\.example%2F%3F\/_settings\//);
  });

  it('is unknown when the agent does not say where its server is', () => {
    assert.equal(placeOf(id, '', 'shop'), undefined);
  });
});
