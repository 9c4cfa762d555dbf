/** What the registry lists is whole; for a vendor that is not yet, the failure names everything it lacks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import should from 'should';
import schema from '../../src/event.schema.json';
import { categories, vendors } from '../../src/event';
import { pushVendors } from '../../src/vendors';
import type { PushVendor } from '../../src/vendors/vendor';
import { makePost, openOptions, startMs } from '../support/events';
import { readSamples, toPost } from '../support/samples';

const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);
const root = join(__dirname, '..', '..');
const vendorsFolder = join(root, 'src', 'vendors');

/** Each line names a file, or several of which one will do. */
const filesOfEach: readonly (readonly string[])[] = [
  ['index.ts'],
  ['wire.ts'],
  ['events.ts'],
  ['receive.ts', 'poll.ts', 'client.ts'],
  ['README.md'],
];

function readPackage(): { readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> } } {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** Everything that a vendor still lacks, in words for the person who adds it. */
function findMissing({ name }: PushVendor): readonly string[] {
  const folder = join(vendorsFolder, name);
  const missing = filesOfEach
    .filter((choice) => !choice.some((file) => existsSync(join(folder, file))))
    .map((choice) => `src/vendors/${name}/${choice.join(' or ')}`);
  for (const folderOfIts of ['nodes', 'simulators', 'examples'].map((part) => join(part, name))) {
    if (!existsSync(join(root, folderOfIts))) missing.push(`${folderOfIts}/`);
  }
  if (!existsSync(join(root, 'icons', `${name}.svg`))) missing.push(`icons/${name}.svg`);
  const nodeFiles = Object.values(readPackage()['node-red'].nodes);
  if (!nodeFiles.some((file) => file.startsWith(`dist/nodes/${name}/`)))
    missing.push(`package.json, "node-red": a line for each node in nodes/${name}`);
  const samples = join(root, 'test', 'samples', name);
  const files = existsSync(samples) ? readdirSync(samples) : [];
  const goldens = files.filter((file) => file.endsWith('.json')).map((file) => file.replace(/\.json$/, ''));
  if (goldens.length === 0) missing.push(`test/samples/${name}: a post and its golden events (<sample>.json)`);
  for (const golden of goldens) {
    if (!files.some((file) => file.startsWith(`${golden}.`) && !file.endsWith('.json')))
      missing.push(`test/samples/${name}: the post of ${golden}.json`);
  }
  for (const file of files) {
    if (!goldens.includes(file.replace(/\.[^.]+$/, '')))
      missing.push(`test/samples/${name}: the golden events of ${file}`);
  }
  return missing;
}

describe('the registry of vendors', () => {
  it('names each vendor once, and by a name of the closed list', () => {
    const names = pushVendors.map(({ name }) => name);
    should(names).not.be.empty();
    should(new Set(names).size).equal(names.length);
    for (const name of names) should(vendors).containEql(name);
  });

  it('lists every folder beside it', () => {
    const folders = readdirSync(vendorsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('zz-probe-'))
      .map(({ name }) => name);
    should(folders.sort()).deepEqual(pushVendors.map(({ name }): string => name).sort());
  });
});

for (const vendor of pushVendors) {
  describe(`the vendor ${vendor.name} of the registry`, () => {
    it('lacks nothing', () => {
      const missing = findMissing(vendor);
      should(missing.join('\n')).equal('');
    });

    it('says in its README what each of its files is for', () => {
      const readme = readFileSync(join(vendorsFolder, vendor.name, 'README.md'), 'utf8');
      const files = readdirSync(join(vendorsFolder, vendor.name)).filter(
        (file) => file.endsWith('.ts') && !file.startsWith('zz-probe-'),
      );
      should(files.filter((file) => !readme.includes(`\`${file}\``))).be.empty();
    });

    it('has categories of the closed list, each once', () => {
      should(vendor.categories).not.be.empty();
      should(new Set(vendor.categories).size).equal(vendor.categories.length);
      for (const category of vendor.categories) should(categories).containEql(category);
    });

    it('makes events of its own name and categories, and each category has a sample', () => {
      const seen = new Set<string>();
      for (const sample of readSamples(vendor.name)) {
        for (const event of vendor.receive(toPost(sample), { ...openOptions, ...sample.options }).events) {
          should(event.vendor).equal(vendor.name);
          should(vendor.categories).containEql(event.category);
          seen.add(event.category);
        }
      }
      // no post says that a device is silent, but a lost channel is said
      should(vendor.categories.filter((category) => !seen.has(category))).be.empty();
    });

    it('gives every post that it takes the same answer, byte for byte, and makes no event of one that it refuses', () => {
      const samples = readSamples(vendor.name).map(toPost);
      const first = samples.map((post) => vendor.answer(post)).find(({ status }) => status < 400);
      should(first?.status).equal(200);
      should(first?.contentType).match(/^[a-z]+\/[a-z+]+/);
      should(first?.body.length).be.above(0);
      for (const post of [...samples, makePost(''), makePost('neither XML nor JSON')]) {
        const answer = vendor.answer(post);
        if (answer === first) continue;
        should(answer.status).be.within(400, 499);
        should(vendor.receive(post, openOptions).events).be.empty();
      }
    });

    it('has samples for people who try a node: good events of the moment, the usual kind first, all different', () => {
      const posts = vendor.samples(startMs);
      const events = posts.flatMap((post) => {
        const outcome = vendor.receive(post, { ...openOptions, pictures: 'buffer' });
        should(outcome.error).be.undefined();
        should(outcome.events).have.length(1);
        should(vendor.answer(post)).equal(vendor.answer(posts[0] ?? post));
        return outcome.events;
      });
      should(events.length).be.above(2);
      should(new Set(events.map(({ id }) => id)).size).equal(events.length);
      for (const event of events) {
        validate(event);
        should(validate.errors).be.null();
        should([event.vendor, event.time]).deepEqual([vendor.name, new Date(startMs).toISOString()]);
      }
      // the next test of the same node is another event
      const [later] = vendor.samples(startMs + 1).flatMap((post) => vendor.receive(post, openOptions).events);
      should(later?.id).not.equal(events[0]?.id);
    });

    it('never throws, whatever the bytes', () => {
      for (const body of ['', ' ', '<', '\0\0', '<a/>', '{"a":1}', '\ufeff<config/>', '<config><config/></config>']) {
        const { events, error } = vendor.receive(makePost(body), openOptions);
        should(events.length > 0 || error !== undefined).be.true(JSON.stringify(body));
      }
    });
  });
}

describe('the answer to Viewtron devices', () => {
  it('is the document that their firmware takes for success', () => {
    const answer = pushVendors.find(({ name }) => name === 'viewtron')?.answer(makePost(''));
    should(answer?.contentType).equal('application/xml');
    should(answer?.body.toString('latin1').replaceAll(/>\s+</g, '><')).equal(
      '<?xml version="1.0" encoding="UTF-8"?><config version="1.0" xmlns="http://www.ipc.com/ver10"><status>success</status></config>',
    );
  });
});
