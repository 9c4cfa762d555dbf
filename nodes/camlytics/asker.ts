/** Does what a message asks a camlytics-poll node for, and says what came of it. */
import { systemClock } from '../../src/clock';
import { SetupError } from '../../src/errors';
import type { SecurityEvent } from '../../src/event';
import type { CamlyticsClient, TotalsQuery } from '../../src/vendors/camlytics/client';
import { meaningOf } from '../../src/vendors/camlytics/kinds';
import type { ChannelNames } from '../../src/vendors/camlytics/names';
import type { Polled } from '../../src/vendors/camlytics/polled';
import type { Poller } from '../../src/vendors/camlytics/poller';
import type { Total } from '../../src/vendors/camlytics/wire';
import { toWall } from '../../src/zone';
import { readCommand, type Command } from './commands';

interface Reply {
  readonly topic: string;
  readonly payload: unknown;
}

interface AskerParts {
  readonly poller: Poller;
  readonly client: CamlyticsClient;
  readonly names: ChannelNames;
  readonly polled: Polled;
  readonly timeZone: string;
  readonly send: (event: SecurityEvent, extra: object) => void;
}

export type Asker = (payload: unknown) => Promise<Reply>;

export function createAsker(parts: AskerParts): Asker {
  return async (payload) => {
    const command = readCommand(payload);
    switch (command.is) {
      case 'poll':
        parts.poller.pollNow();
        return toReply(command);
      case 'pause':
        parts.poller.pause();
        return toReply(command);
      case 'resume':
        parts.poller.resume();
        return toReply(command);
      case 'channels':
        return { topic: 'camlytics/channels', payload: await parts.poller.ask((signal) => parts.names.load(signal)) };
      case 'totals':
        return { topic: 'camlytics/totals', payload: await findTotals(command, parts) };
      case 'replay':
        return replay(command, parts);
    }
  };
}

function toReply({ is }: Command, found: object = {}): Reply {
  return { topic: 'camlytics/command', payload: { command: is, ...found } };
}

/** As Camlytics writes times. */
function toTime(ms: number | undefined, timeZone: string): string | undefined {
  return ms === undefined ? undefined : `${toWall(ms, timeZone)}0000`;
}

function findTotals(command: Command & { is: 'totals' }, parts: AskerParts): Promise<object> {
  const { poller, client, names, timeZone } = parts;
  return poller.ask(async (signal) => {
    await names.need(command.channel === undefined ? [] : [command.channel], signal);
    const channelId = command.channel === undefined ? undefined : names.idOf(command.channel);
    if (command.channel !== undefined && channelId === undefined) {
      const message = `no channel is called "${command.channel.slice(0, 80)}", or several are; ask for channels to see them`;
      throw new SetupError('channel-unknown', message, { place: 'msg.payload.channel' });
    }
    const { origin, sinceMs, untilMs } = command;
    const times = { sinceTime: toTime(sinceMs, timeZone), untilTime: toTime(untilMs, timeZone) };
    const query: TotalsQuery = { channelId, origin, ...times };
    const found: Record<string, object> = {};
    for (const by of command.by) {
      found[by] = (await client.totals(by, query, signal)).map((total) => withNames(total, names));
    }
    return found;
  });
}

function withNames(total: Total, names: ChannelNames): object {
  const channelName = names.nameOf(total.channelId);
  return {
    ...total,
    ...(channelName !== undefined && { channelName }),
    ...(total.type !== undefined && { kind: meaningOf(total.type).kind }),
  };
}

/** Late events have earlier times than ids: those before the time that was asked for are left out here. */
async function replay(command: Command & { is: 'replay' }, parts: AskerParts): Promise<Reply> {
  const { poller, polled, timeZone, send } = parts;
  const { sinceId, sinceMs } = command;
  const sinceTime = toTime(sinceMs, timeZone);
  let [events, sent] = [0, 0];
  const from = { ...(sinceId !== undefined && { sinceId }), ...(sinceTime !== undefined && { sinceTime }) };
  const never = new AbortController().signal;
  await poller.replay(from, async (messages) => {
    await polled.nameAll(messages, never);
    for (const message of messages) {
      const event = polled.toEvent(message, systemClock.now());
      if (sinceMs !== undefined && Date.parse(event.time) < sinceMs) continue;
      events += 1;
      if (!polled.isWanted(event)) continue;
      sent += 1;
      send(event, { replay: true });
    }
  });
  return toReply(command, { events, sent });
}
