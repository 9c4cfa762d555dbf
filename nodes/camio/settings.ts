/** The dialog's fields of a camio-callback-in node, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import type { AccessRules } from '../../src/http/access';
import { groups, type Group } from '../../src/vendors/camio/catalogue';
import type { IntakeSettings } from '../../src/vendors/camio/intake';
import { isTree } from '../../src/wire/read';
import { readChoice, readChoices, readNumber, readText, readTimeZone } from '../fields';
import { accessCredentials, readAccess, readPath } from '../listener/settings';

export type CamioCallbackInDef = NodeDef & { readonly listener: string } & Readonly<Record<string, unknown>>;

export interface CamioCallbackInSettings extends IntakeSettings {
  readonly path: string;
  /** The secret path of hooks; undefined: none are taken. */
  readonly hookPath: string | undefined;
  readonly access: AccessRules;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  /** Anybody may call back, and a person has said so. */
  readonly isInsecure: boolean;
}

const minuteMs = 60_000;

/** What an exported flow does not hold. The key of hooks is shown in the dialog: it is part of an address to be copied. */
export const camioCredentials = { ...accessCredentials, hookKey: { type: 'text' } } as const;

/**
 * @param refine what the listener asks of callers of a node that has rules of its own
 * @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold
 */
export function readSettings(
  def: CamioCallbackInDef,
  credentials: unknown,
  refine: (own: AccessRules) => AccessRules,
): CamioCallbackInSettings {
  const path = readPath(def.path);
  const said = readAccess(def, credentials);
  // a new node has the name that Camio's own example has, and no value yet
  const access = said.header?.value === '' ? { ...said, header: undefined } : said;
  const hookKey = readHookKey(isTree(credentials) ? credentials.hookKey : undefined);
  const asked = refine(access);
  const hasSecret = asked.header !== undefined || asked.basic !== undefined;
  const acceptAnyone = def.acceptAnyone === true;
  const secrets = [access.header?.value, access.basic?.password, hookKey].filter((each) => each !== undefined);
  return {
    path,
    hookPath: hookKey === undefined ? undefined : `${path.replace(/\/+$/, '')}/${hookKey}`,
    access,
    secrets,
    isClosed: !hasSecret && !acceptAnyone,
    isInsecure: !hasSecret && acceptAnyone,
    groups: new Set<Group>(readGroups(def.groups)),
    quietMs: readNumber(def.quietMinutes, 'over after', 0, 10_080, 30) * minuteMs,
    onlyChanges: def.onlyChanges === true,
    pictures: readChoice(def.pictures, 'pictures', ['none', 'buffer', 'base64', 'data-url'], 'buffer'),
    timeZone: readTimeZone(def.timeZone),
    dateOrder: 'month-first',
  };
}

/** Who knows it is believed, so it must be one that nobody tries out. */
function readHookKey(value: unknown): string | undefined {
  const key = readText(value, 'key of hooks');
  if (key === '') return undefined;
  if (/^[\w-]{16,200}$/.test(key)) return key;
  const message = 'key of hooks: 16 letters, digits, hyphens and underscores at least; make one with the button';
  throw new SetupError('setting-invalid', message, { place: 'key of hooks' });
}

function readGroups(value: unknown): readonly Group[] {
  const chosen = readChoices(value, groups, groups);
  if (chosen.length > 0) return chosen;
  throw new SetupError('setting-invalid', 'what passes: choose at least one', { place: 'what passes' });
}
