/** Times of day, in the time zone of this machine. */

/** Minutes after midnight of `HH:MM`; undefined for anything else. */
export function parseMinute(text: string): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** How long it is until the clock on the wall shows that time again; a day where it shows it now. */
export function msUntilMinute(minute: number, nowMs: number): number {
  const then = new Date(nowMs);
  then.setHours(Math.floor(minute / 60), minute % 60, 0, 0);
  if (then.getTime() <= nowMs) then.setDate(then.getDate() + 1);
  return then.getTime() - nowMs;
}
