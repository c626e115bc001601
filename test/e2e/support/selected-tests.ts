/**
 * Which tests of a suite this run is going to run. mocha applies its filter (`--grep`, `--fgrep`, `--invert`) test by
 * test, so what has to start before its test begins asks here. Call it while the suite is defined; ask what it returns
 * in a hook, when `.only` has taken effect as well.
 */
export function findSelectedTests(suite: Mocha.Suite): () => readonly Mocha.Test[] {
  let filter: Pick<Mocha.MochaOptions, 'grep' | 'invert'> = {};
  rootOf(suite).once('post-require', (_context, _file, mocha) => {
    filter = mocha.options;
  });
  return () => {
    const pattern = new RegExp(filter.grep ?? '');
    return suite.tests.filter(
      (test) => !test.isPending() && pattern.test(test.fullTitle()) !== (filter.invert === true),
    );
  };
}

function rootOf(suite: Mocha.Suite): Mocha.Suite {
  return suite.parent === undefined ? suite : rootOf(suite.parent);
}
