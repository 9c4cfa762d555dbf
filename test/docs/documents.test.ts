/** What README and CONTRIBUTING name exists: paths, commands, pictures; and the README's own words are kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import manifest from '../../package.json';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const contributing = read('CONTRIBUTING.md');

describe('the documents', () => {
  for (const [file, text] of [
    ['README.md', readme],
    ['CONTRIBUTING.md', contributing],
  ] as const) {
    it(`${file} names only files that are there`, () => {
      const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target ?? '');
      const named = [
        ...text.matchAll(/`((?:src|nodes|icons|examples|simulators|demo|test|bench|docs|\.ci)\/[\w./-]*)`/g),
      ];
      const paths = [...links, ...named.map(([, path]) => path ?? '')].filter((path) => !/^https?:/.test(path));
      should(paths.length).be.above(3);
      should(paths.filter((path) => !existsSync(join(root, path)))).be.empty();
    });

    it(`${file} names only commands that package.json has`, () => {
      const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
      should(commands.length).be.above(0);
      should(commands.filter((name) => !Object.hasOwn(manifest.scripts, name))).be.empty();
    });
  }

  it('the README says how to try and how to test on a fresh machine, in exactly these words', () => {
    should(readme).containEql('npm ci && npm run demo');
    should(readme).containEql('npm ci && npm test');
  });

  it('the README lists every node and every example', () => {
    for (const type of Object.keys(manifest['node-red'].nodes)) should(readme).containEql(`\`${type}\``);
    for (const file of readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.json')) should(readme).containEql(`\`${file.replaceAll('\\', '/').replace('.json', '')}\``);
    }
  });

  it('CONTRIBUTING explains every script that a developer runs', () => {
    const helpers = ['format', 'lint', 'types', 'dead-code'];
    const scripts = Object.keys(manifest.scripts).filter((name) => !helpers.includes(name));
    const told = (name: string): boolean => contributing.includes(name === 'test' ? 'npm test' : `npm run ${name}`);
    should(scripts.filter((name) => !told(name))).be.empty();
  });

  it('the changelog knows the version of the package', () => {
    should(read('CHANGELOG.md')).containEql(`## ${manifest.version}`);
  });
});

for (const [type, vendor, most] of [
  ['viewtron-in', 'viewtron', 100],
  ['pdk-webhook-in', 'pdk', 70],
  ['camio-callback-in', 'camio', 60],
] as const) {
  describe(`the help of ${type}`, () => {
    it('names every kind that a golden event has', () => {
      const folder = join(root, 'test', 'samples', vendor);
      const help = read(join('nodes', vendor, 'locales', 'en-US', `${type}.html`));
      const goldens = readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .map(
          (file) =>
            JSON.parse(readFileSync(join(folder, file), 'utf8')) as { events?: { category: string; kind: string }[] },
        );
      const kinds = goldens
        .flatMap(({ events = [] }) => events)
        .filter(({ category }) => vendor === 'viewtron' || category !== 'other');
      should(kinds.length).be.above(most - 1);
      for (const { kind } of kinds) should(help).containEql(`<code>${kind}</code>`);
    });
  });
}

describe('the examples', () => {
  const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  it('keep what they count in the context of the flow: that of a function is emptied by a full Deploy', () => {
    const forgetful = files.filter((file) =>
      (JSON.parse(read(join('examples', file))) as { func?: string }[]).some(({ func = '' }) =>
        /(?<![\w.])context\.[gs]et\(/.test(func),
      ),
    );
    should(forgetful).be.empty();
  });

  it('share no id but those of config nodes: the demo runs all of them at once', () => {
    const all = files.flatMap(
      (file) => JSON.parse(read(join('examples', file))) as { id: string; type: string; z?: string }[],
    );
    const own = all.filter(({ type, z }) => type === 'tab' || z !== undefined).map(({ id }) => id);
    should(own.filter((id, index) => own.indexOf(id) !== index)).be.empty();
    const types = new Map(all.map(({ id, type }) => [id, type]));
    should(all.filter(({ id, type }) => types.get(id) !== type)).be.empty();
  });

  for (const file of files) {
    it(`${file} has ids that Node-RED can tell from settings, wires that lead somewhere, and explains itself`, () => {
      const nodes = JSON.parse(read(join('examples', file))) as { id: string; type: string; wires?: string[][] }[];
      const ids = new Set(nodes.map((node) => node.id));
      should(ids.size).equal(nodes.length);
      should([...ids].filter((id) => !/^[0-9a-f]{16}$/.test(id))).be.empty();
      should(nodes.flatMap((node) => node.wires?.flat() ?? []).filter((id) => !ids.has(id))).be.empty();
      should(nodes.some((node) => node.type === 'comment')).be.true();
    });
  }
});
