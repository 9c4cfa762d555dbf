/** What can be known to be wrong with a subscription before PDK is asked (reference 3.3). */
import { isIP } from 'node:net';
import { SetupError } from '../../../errors';
import { isKnownTopic, isMixed } from './families';
import { familyOf } from './families';
import type { Desired } from './subscription';

const longestName = 70;
const longestSecret = 255;
/** Shorter ones can be guessed by trying. */
const goodSecret = 16;
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
/** Addresses that nobody reaches from the internet. */
const privateNetworks = /^(10\.|127\.|0\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;
const privateNetworks6 = /^(::1?$|f[cd]|fe[89ab])/i;

/**
 * @returns what is allowed and looks wrong, as texts
 * @throws SetupError `setting-invalid` that names everything that is wrong; its place is the first of it
 */
export function checkDesired(desired: Desired, nowMs: number): readonly string[] {
  const faults: (readonly [place: string, text: string])[] = [];
  const warnings: string[] = [];
  const complain = (place: string, text: string): void => void faults.push([place, text]);

  const { name, url, scope, authentication, events, secrecyLevel, expiresAt, secret } = desired;
  if (name === '' || name.length > longestName) complain('name', `must have 1 to ${longestName} characters`);
  checkUrl(url, complain, warnings);

  if (events.length === 0) complain('events', 'choose at least one topic');
  if (new Set(events).size < events.length) complain('events', 'a topic is named twice');
  if (isMixed(events)) complain('events', 'panel topics and organization topics need a subscription each');
  const strangers = events.filter((topic) => !isKnownTopic(topic));
  if (strangers.length > 0) warnings.push(`events: PDK may not know ${strangers.slice(0, 5).join(', ')}`);

  if (typeof scope === 'string') {
    if (scope !== 'ou' && scope !== 'ouRecursive') complain('scope', 'must be ou, ouRecursive, or a list of panel ids');
  } else if (scope.length === 0 || scope.some((id) => typeof id !== 'string' || id.trim() === '')) {
    complain('scope', 'name at least one panel, by its serial number');
  } else if (familyOf(events) === 'organization') {
    complain('scope', 'panels can be chosen for panel topics only; organization topics need ou or ouRecursive');
  }

  if (authentication.type === 'Basic') {
    if (authentication.user === '' || authentication.user.includes(':'))
      complain('user', 'must not be empty and holds no colon');
    if (authentication.password === '') complain('password', 'must not be empty');
  } else if (authentication.type !== 'None') complain('authentication', 'must be None or Basic');

  if (![0, 1, 2].includes(secrecyLevel)) complain('secrecyLevel', 'must be 0, 1 or 2');
  if (expiresAt !== undefined) {
    const at = isoTime.test(expiresAt) ? Date.parse(expiresAt) : Number.NaN;
    if (Number.isNaN(at)) complain('expiresAt', 'must be a time such as 2031-02-03T04:05:06Z');
    else if (at <= nowMs) complain('expiresAt', 'must lie in the future');
  }
  if (secret === undefined) warnings.push('secret: without one PDK does not sign, and anybody can send events');
  else if (secret === '' || secret.length > longestSecret)
    complain('secret', `must have 1 to ${longestSecret} characters`);
  else if (secret.length < goodSecret) warnings.push('secret: it is short; 32 random characters are good');

  const [first] = faults;
  if (first === undefined) return warnings;
  const text = faults.map(([place, fault]) => `${place}: ${fault}`).join('; ');
  throw new SetupError('setting-invalid', `the subscription cannot be right: ${text}`, { place: first[0] });
}

function checkUrl(url: string, complain: (place: string, text: string) => void, warnings: string[]): void {
  if (!URL.canParse(url)) return complain('url', 'must be a whole address such as https://doors.example.com/pdk/x');
  const { protocol, username, password, hash, hostname } = new URL(url);
  if (protocol !== 'https:') complain('url', 'must begin with https:, PDK takes nothing else');
  if (username !== '' || password !== '') complain('url', 'must hold no user and password');
  if (hash !== '' || url.includes('#')) complain('url', 'must hold no #');
  if (isPrivate(hostname)) warnings.push(`url: PDK's cloud cannot reach ${hostname} from the internet`);
}

function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 4) return privateNetworks.test(host);
  if (isIP(host) === 6) return privateNetworks6.test(host);
  return host === 'localhost' || /\.(local|localhost|lan|home|internal)$/.test(host) || !host.includes('.');
}
