/** An event in a few characters, for a status line. */
import type { SecurityEvent } from './event';

/** `ABC123 · allow · 99 %`, `line-crossed · person · Yard cam`, `motion-alarm start · Yard cam`, `access-granted · Dock`. */
export function summarize(event: SecurityEvent): string {
  const { plate } = event;
  if (plate !== undefined) {
    const confidence = plate.confidence === undefined ? undefined : `${Math.round(plate.confidence)} %`;
    return join(plate.number, plate.list ?? plate.group, confidence);
  }
  const types = new Set(event.targets.map((target) => target.type));
  types.delete('unknown');
  const channel = event.device.channel === undefined ? '' : ` #${event.device.channel}`;
  const { door, person } = event;
  const where = door?.name ?? (door?.id === undefined ? undefined : `door ${door.id}`);
  return join(
    event.state === undefined ? event.kind : `${event.kind} ${event.state}`,
    event.category === 'face' ? undefined : [...types].join(', '),
    person?.name,
    where ?? `${event.device.name ?? event.device.id}${channel}`,
  );
}

function join(...parts: readonly (string | undefined)[]): string {
  let text = '';
  for (const part of parts) {
    if (part === undefined || part === '') continue;
    text += text === '' ? shorten(part) : ` · ${shorten(part)}`;
  }
  return text;
}

/** To whole letters: half of a pair of code units is none. */
function shorten(text: string): string {
  return text.length <= 40 ? text : Array.from(text.slice(0, 80)).slice(0, 40).join('');
}
