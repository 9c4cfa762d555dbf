/** Who takes which path. */
import should from 'should';
import { SetupError } from '../../src/errors';
import { pathOf, RouteTable, splitTarget } from '../../src/http/routes';
import { openRules } from '../support/http-listener';
import { Recorder } from '../support/http-recorder';

describe('the route table', () => {
  for (const [target, path] of [
    ['/API', '/api'],
    ['/API/', '/api'],
    ['/', '/'],
    ['', '/'],
    ['?x=1', '/'],
    ['http://192.0.2.10:5050', '/'],
    ['http://192.0.2.10:5050/', '/'],
    ['http://192.0.2.10:5050?x', '/'],
    ['http://192.0.2.10:5050/API?to=http://other/path', '/api'],
    ['HTTP://[::1]:80/A/B/', '/a/b'],
    ['/http://x/API', '/http://x/api'],
    ['192.0.2.10:5050', '192.0.2.10:5050'],
  ] as const) {
    it(`finds the path ${path} in "${target}"`, () => {
      should(pathOf(target)).equal(path);
    });
  }

  it('splits only at the first question mark', () => {
    should(splitTarget('/a?b=/c?d#e')).deepEqual({ path: '/a', query: 'b=/c?d' });
  });

  it('is not slowed down by a long target', () => {
    should(pathOf(`${'a'.repeat(1_000_000)}/`)).have.length(1_000_000);
    should(pathOf(`/${'/'.repeat(1_000_000)}`)).have.length(1_000_000);
  });

  it('refuses a second vendor on one path, however that is written, and names both', () => {
    const routes = new RouteTable();
    routes.add('/API', new Recorder('viewtron'), openRules());
    for (const path of ['/API', '/api', '/Api/']) {
      should(() => routes.add(path, new Recorder('camio'), openRules())).throw(SetupError, {
        code: 'path-taken',
        place: path,
      });
      should(() => routes.add(path, new Recorder('camio'), openRules())).throw(/viewtron.*camio/);
    }
    should(routes.find('/api')).have.length(1);
  });

  it('refuses a second vendor on the path *', () => {
    const routes = new RouteTable();
    routes.add('*', new Recorder('viewtron'), openRules());
    should(() => routes.add('*', new Recorder('camio'), openRules())).throw(SetupError, { code: 'path-taken' });
  });

  it('gives a path free when its last node has left', () => {
    const routes = new RouteTable();
    const leaves = [routes.add('/API', new Recorder(), openRules()), routes.add('/api', new Recorder(), openRules())];
    leaves[0]?.();
    should(() => routes.add('/API', new Recorder('camio'), openRules())).throw(SetupError);
    leaves[1]?.();
    leaves[1]?.();
    should(routes.isEmpty).equal(true);
    routes.add('/API', new Recorder('camio'), openRules());
    should(routes.find('/API')).have.length(1);
  });

  it('keeps a newcomer when one that had left before says so again', () => {
    const routes = new RouteTable();
    const leave = routes.add('/API', new Recorder(), openRules());
    leave();
    const newcomer = new Recorder('camio');
    routes.add('/API', newcomer, openRules());
    leave();
    should(routes.find('/API').map(({ receiver }) => receiver)).deepEqual([newcomer]);
  });

  it('prefers a named path to *', () => {
    const routes = new RouteTable();
    const [named, rest] = [new Recorder(), new Recorder('camio')];
    routes.add('*', rest, openRules());
    routes.add('/API', named, openRules());
    should(routes.find('http://a/API/')[0]?.receiver).equal(named);
    should(routes.find('/other')[0]?.receiver).equal(rest);
    should(routes.find('*')[0]?.receiver).equal(rest);
  });
});
