/** Topics by the family that they are of: a subscription holds those of one family only (reference 1). */
import { SetupError } from '../../../errors';
import { topicGroups, type Family } from '../catalogue';
import { splitByFamily } from '../topics';

/** The prefix `panel.` is in both families, so the exact topic decides. */
const families: ReadonlyMap<string, Family> = new Map(
  topicGroups.flatMap(({ family, topics }) => topics.map(([topic]): [string, Family] => [topic, family])),
);

export function isKnownTopic(topic: string): boolean {
  return families.has(topic);
}

/** The one family of the topics that are known; undefined where there are none, or both. */
export function familyOf(topics: readonly string[]): Family | undefined {
  const found = familiesOf(topics);
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Whether topics of both families are in it. */
export function isMixed(topics: readonly string[]): boolean {
  return familiesOf(topics).size > 1;
}

function familiesOf(topics: readonly string[]): ReadonlySet<Family> {
  return new Set(topics.map((topic) => families.get(topic)).filter((family) => family !== undefined));
}

/**
 * The topics of each subscription that a list of topics and patterns comes to: one for each family that is in it. Topics
 * that nobody knows go with the panels', and with the organization's where there are no others.
 *
 * @throws SetupError `setting-invalid` where it comes to nothing
 */
export function splitTopics(patterns: readonly string[]): ReadonlyMap<Family, readonly string[]> {
  const { panel, organization, unknown } = splitByFamily(patterns);
  const isOfOrganization = panel.length === 0 && organization.length > 0;
  const split = new Map<Family, readonly string[]>();
  const forPanel = isOfOrganization ? [] : [...panel, ...unknown];
  const forOrganization = isOfOrganization ? [...organization, ...unknown] : organization;
  if (forPanel.length > 0) split.set('panel', forPanel);
  if (forOrganization.length > 0) split.set('organization', forOrganization);
  if (split.size > 0) return split;
  throw new SetupError('setting-invalid', `events: "${patterns.join(', ')}" stands for no topic of PDK`, {
    place: 'events',
  });
}
