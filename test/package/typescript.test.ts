/** The types and the schema of the installed package in somebody else's TypeScript. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import should from 'should';
import ts from 'typescript';
import { packageName } from '../../demo/node-red';
import { makeEvent } from '../support/events';
import { installPacked, type Packed } from '../support/package';

/** `Buffer` is all that it needs of Node.js: its own types would take seconds to read. */
const consumer = `
declare global {
  interface Buffer extends Uint8Array {}
}
import { categories, vendors, type Category, type SecurityEvent } from '${packageName}';
import schema from '${packageName}/event.schema.json';

export function describe(event: SecurityEvent): string {
  const { plate, targets, images } = event;
  const [first] = images;
  const bytes = first !== undefined && typeof first.data !== 'string' ? first.data.length : 0;
  return [event.vendor, event.time, plate?.number, targets.map(({ box }) => box?.x), bytes].join(' ');
}
export const title: string = schema.title;
export const known: readonly Category[] = categories;
export const count: number = vendors.length;
// @ts-expect-error the list is closed
export const wrong: Category = 'weather';
// @ts-expect-error an event that is handed out is not to be changed
export const change = (event: SecurityEvent): void => void (event.id = 'x');
`;

describe('the installed package in TypeScript', function () {
  this.timeout(180_000);
  let packed: Packed;
  before(() => {
    packed = installPacked();
  });

  /** What the compiler has against it; it reads the types of the package too. */
  function compile(name: string, module: ts.ModuleKind, moduleResolution: ts.ModuleResolutionKind): readonly string[] {
    const folder = join(packed.folder, 'consumer');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(file, consumer);
    const program = ts.createProgram([file], {
      module,
      moduleResolution,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      resolveJsonModule: true,
      esModuleInterop: true,
      noEmit: true,
      skipLibCheck: false,
      skipDefaultLibCheck: true,
      lib: ['lib.es2022.d.ts'],
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  it('has types for a module of Node.js', () => {
    should(compile('node.ts', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16)).be.empty();
  });

  it('has types for a bundler', () => {
    should(compile('bundled.ts', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler)).be.empty();
  });

  it('has a schema that a validator takes, and that tells an event from what is none', () => {
    const schema = JSON.parse(packed.read('dist/src/event.schema.json')) as object;
    const isEvent = new Ajv({ allowUnionTypes: true, strict: false, validateFormats: false }).compile(schema);
    should(isEvent(JSON.parse(JSON.stringify(makeEvent())))).be.true();
    should(isEvent({ ...makeEvent(), category: 'weather' })).be.false();
  });
});
