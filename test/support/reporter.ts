import { reporters, Runner, type MochaOptions, type Test } from 'mocha';

/** The `spec` reporter, which also tells of tests that passed at their second try only, and why not at their first. */
class Reporter extends reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options);
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test: Test, error: Error) => {
      Reporter.consoleLog(`    again: ${test.title}\n${(error.stack ?? error.message).replaceAll(/^/gm, '      ')}`);
    });
  }
}

export = Reporter;
