/** The ways a device can misbehave, as one word each. */
import type { SendingFault } from './connection';
import type { Random } from './random';

export const faults = ['cut', 'slow', 'resend', 'rubbish', 'truncate', 'deaf', 'silent'] as const;

export type Fault = (typeof faults)[number];

const slowPieces = 10;
const slowPauseMs = 300;

/** How the sockets act this fault out; `rubbish` and `silent` are a matter of what is sent, not how. */
export function planSending(fault: Fault | undefined, bodyBytes: number): SendingFault | undefined {
  switch (fault) {
    case 'cut':
      return { kind: 'cut', afterBytes: Math.floor(bodyBytes / 2) };
    case 'slow':
      return { kind: 'slow', pieces: slowPieces, pauseMs: slowPauseMs };
    case 'truncate':
      return { kind: 'truncate', missingBytes: Math.ceil(bodyBytes / 3) };
    case 'resend':
    case 'deaf':
      return { kind: fault };
    case 'rubbish':
    case 'silent':
    case undefined:
      return undefined;
  }
}

/** What is sent in place of `body`: noise, half a document, a document with the wrong tags, or words. */
export function writeRubbish(random: Random, body: string): Buffer {
  const write = random.pick([
    () => Buffer.from(Array.from({ length: random.between(16, 400) }, () => random.between(0, 255))),
    () => Buffer.from(`<config><smartType>${body.slice(0, body.length / 2)}`),
    () => Buffer.from('<?xml version="1.0"?><config><smartType>PEA</config></smartType>'),
    () => Buffer.from('GET / is not what I meant'),
  ]);
  return write();
}
