/**
 * What the flow library reads from the package, and the checks of its scorecard (`node-red-dev validate`): written anew, as
 * both ask the network. Those that need a registry are asked of what is pinned here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import should from 'should';
import ts from 'typescript';
import { installPacked, root, type Packed } from '../support/package';

/** Node-RED and Node.js that the library asks about: the newest ones, and the line that is still maintained. */
const nodeRedVersions = ['5.0.7', '4.1.15'];
const nodeOfNewest = '22.9.0';
/** Other packages of the trade, as their catalogues list them. */
const takenTypes = ['viewtron-camera', 'viewtron-server', 'unifi-access-controller', 'hikvisionUltimateAlarm'];
const mostDependencies = 6;

const home = process.env.NODE_RED_HOME ?? dirname(require.resolve('node-red/package.json'));
const coreOf = (name: string): string => dirname(require.resolve(`@node-red/${name}/package.json`, { paths: [home] }));

type Literal = string | number | boolean | { readonly [name: string]: unknown } | undefined;

interface Definition {
  readonly type: string;
  readonly fields: Readonly<Record<string, Literal>>;
}

/** As the library does: `X.registerType('literal', { inline })` in scripts of `text/javascript`, and literals alone. */
function readDefinitions(html: string): readonly Definition[] {
  const found: Definition[] = [];
  for (const [, code = ''] of html.matchAll(/<script\s[^>]*type="text\/javascript"[^>]*>([\s\S]*?)<\/script>/g)) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const [type, definition] = node.arguments;
        const isDefinition =
          node.expression.name.text === 'registerType' && type !== undefined && ts.isStringLiteral(type);
        if (isDefinition && definition !== undefined && ts.isObjectLiteralExpression(definition)) {
          found.push({ type: type.text, fields: readObject(definition) });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile('dialog.js', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS));
  }
  return found;
}

function readObject(node: ts.ObjectLiteralExpression): Record<string, Literal> {
  return Object.fromEntries(
    node.properties.flatMap((property) => {
      if (!ts.isPropertyAssignment(property)) return [];
      const { name, initializer } = property;
      const key = ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
      return key === undefined ? [] : [[key, readLiteral(initializer)]];
    }),
  );
}

function readLiteral(node: ts.Expression): Literal {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    return node.kind === ts.SyntaxKind.TrueKeyword;
  }
  return ts.isObjectLiteralExpression(node) ? readObject(node) : undefined;
}

/** By name whether a credential is a password. */
function typesOf(credentials: unknown = {}): object {
  const list = Object.entries(credentials as Record<string, { readonly type: unknown }>);
  return Object.fromEntries(list.map(([name, { type }]) => [name, type]));
}

/** Whether a range of the form `>=1.2` allows that version. */
function allows(range: string, version: string): boolean {
  const [least, given] = [/^>=(\d+(?:\.\d+)*)$/.exec(range)?.[1] ?? 'none', version].map((text) =>
    text.split('.').map(Number),
  );
  for (const [at, part] of [0, 1, 2].entries()) {
    const [one = 0, other = 0] = [given?.[part], least?.[part]];
    if (Number.isNaN(other)) return false;
    if (one !== other || at === 2) return one >= other;
  }
  return true;
}

/** What a node's file asks of Node-RED when it is loaded: its types with their credentials, and its routes. */
function load(file: string): { readonly types: Map<string, object>; readonly routes: readonly string[] } {
  const types = new Map<string, object>();
  const routes: string[] = [];
  const anything: unknown = new Proxy(() => undefined, { get: () => anything, apply: () => anything });
  const addRoute = (path: unknown): void => void routes.push(String(path));
  const register = (type: string, _node: unknown, options: { credentials?: object } = {}): void =>
    void types.set(type, options.credentials ?? {});
  const RED = {
    nodes: new Proxy({}, { get: (_, name) => (name === 'registerType' ? register : anything) }),
    httpAdmin: new Proxy({}, { get: () => addRoute }),
    auth: anything,
    settings: anything,
    events: anything,
    hooks: anything,
    log: anything,
    _: anything,
    util: anything,
  };
  // the same files, beside packages that this Node.js runs: the installed ones may be for another
  (require(join(root, file)) as (runtime: unknown) => void)(RED);
  return { types, routes };
}

describe('the flow library', function () {
  this.timeout(180_000);
  let packed: Packed;
  let sets: readonly (readonly [string, string])[];
  let definitions: readonly Definition[];
  before(() => {
    packed = installPacked();
    sets = Object.entries(packed.manifest['node-red'].nodes);
    definitions = sets.flatMap(([, file]) => readDefinitions(packed.read(file.replace(/\.js$/, '.html'))));
  });

  it('finds each node in the html beside its code, with what it shows of it', () => {
    should(definitions.map(({ type }) => type)).deepEqual(sets.map(([type]) => type));
    for (const { type, fields } of definitions) {
      should({ type, ...fields }).have.properties(['category', 'color', 'icon', 'defaults']);
      should(fields.color).match(/^#[0-9A-F]{6}$/i);
      should(fields.icon).match(/^[\w-]+\.svg$/);
      should(fields.defaults).be.an.Object();
      should(fields.defaults).have.property('version');
      const isConfig = fields.category === 'config';
      should(Number(fields.inputs ?? 0)).be.within(0, 1);
      should(typeof fields.outputs).equal(isConfig ? 'undefined' : 'number');
    }
  });

  it('finds the credentials that the runtime knows, and no name that Node-RED keeps for itself', () => {
    for (const [type, file] of sets) {
      const fields = definitions.find((each) => each.type === type)?.fields ?? {};
      should(typesOf(load(file).types.get(type))).deepEqual(typesOf(fields.credentials));
      const names = [...Object.keys(fields.defaults ?? {}), ...Object.keys(fields.credentials ?? {})];
      should(names.filter((name) => name.length < 2 || /^(id|type|wires|inputs)$/.test(name))).be.empty();
    }
  });

  it('shows a package with a licence, a place for its source and its bugs, a scope, and the keyword (P01, P03, P04, P05)', () => {
    const { license, repository, bugs, name, keywords } = packed.manifest;
    should(license).equal('MIT');
    should(repository.url).startWith('git+https://');
    should(bugs.url).startWith('https://');
    should(name).match(/^@[a-z-]+\/node-red-[a-z-]+$/);
    should(keywords).containEql('node-red');
  });

  it('allows the Node-REDs and the Node.js that it asks about (P06, P07)', () => {
    const { engines, 'node-red': wanted } = packed.manifest;
    for (const version of nodeRedVersions) should(allows(wanted.version, version)).be.true();
    should(allows(engines.node, nodeOfNewest)).be.true();
    should(allows(wanted.version, '4.0.9')).be.false();
    should(allows(engines.node, '20.17.0')).be.false();
  });

  it('finds an example for each node that is no config node (N02)', () => {
    const examples = packed.files.filter((file) => /^examples\/.*\.json$/.test(file)).map((file) => packed.read(file));
    const used = new Set(examples.flatMap((text) => (JSON.parse(text) as { type: string }[]).map(({ type }) => type)));
    const shown = definitions.filter(({ fields }) => fields.category !== 'config').map(({ type }) => type);
    should(shown.filter((type) => !used.has(type))).be.empty();
  });

  it('counts few dependencies, each of its newest major version or so that this is allowed (D01, D02, D03)', () => {
    should(Object.keys(packed.manifest.dependencies).length).be.belowOrEqual(mostDependencies);
    should(packed.manifest.dependencies).not.have.property('agent-base');
    should(packed.manifest.dependencies).deepEqual({ 'fast-xml-parser': '^5.12.1', undici: '^7.30.2 || ^8.0.0' });
  });
});

describe('beside other packages', function () {
  this.timeout(180_000);
  const namesBelow = (folder: string, passes: RegExp): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => passes.test(file));

  it('no type is one of the core or of a package of the trade (N01)', () => {
    const core = join(coreOf('nodes'), 'core');
    const taken = namesBelow(core, /\.html$/).flatMap((file) =>
      [...readFileSync(join(core, file), 'utf8').matchAll(/data-template-name="([^"]+)"/g)].map(([, type]) => type),
    );
    should(taken).containDeep(['inject', 'http in']);
    for (const type of Object.keys(installPacked().manifest['node-red'].nodes)) {
      should([...taken, ...takenTypes]).not.containEql(type);
    }
  });

  it('no icon has the name of another', () => {
    const taken = namesBelow(join(coreOf('nodes'), 'icons'), /\.(svg|png)$/);
    should(taken.length).be.above(10);
    const own = installPacked().files.flatMap((file) => /\/icons\/(.+)$/.exec(file)?.[1] ?? []);
    should(new Set(own).size).equal(own.length);
    should(own.filter((icon) => taken.includes(icon))).be.empty();
  });

  it('every route of the editor is below one of its own', () => {
    const { manifest } = installPacked();
    const routes = Object.values(manifest['node-red'].nodes).flatMap((file) => load(file).routes);
    should(routes.length).be.above(5);
    should(routes.filter((route) => !route.startsWith('/security-events/'))).be.empty();
  });
});
