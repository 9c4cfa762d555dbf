/** What the package offers to TypeScript and to Function nodes beside its nodes: the event and its closed lists. */
export * from './event';
