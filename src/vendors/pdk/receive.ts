/** One post of PDK's cloud: whether it is genuine, what it is answered, and the event in it. */
import { SecurityEventsError, TransportError, WireError, toError } from '../../errors';
import { rememberLatest } from '../../http/latest';
import type { Answer, Post } from '../../http/receiver';
import { problem } from '../../http/reply';
import { findSigner, isSignature } from '../../http/signature';
import type { Outcome } from '../vendor';
import { toReading, type Signature } from './events';
import { decode, type PdkMessage } from './wire';

/** An event has some hundred bytes; the largest that anybody has seen has less than this by far. */
export const largestBytes = 1024 * 1024;

/** Whom a node believes. */
export interface Trust {
  readonly secret: string;
  /** The one before, while PDK may still sign with it; empty: none. */
  readonly previousSecret: string;
  /** A post without a signature passes too, and so does a signed one where no secret is set. */
  readonly acceptUnsigned: boolean;
}

/** What is to be done with a post. */
export interface Verdict {
  readonly answer: Answer;
  /** Why it is refused. */
  readonly error?: SecurityEventsError;
  readonly message?: PdkMessage;
  readonly signature?: Signature;
}

/** Which statuses PDK takes for success is not published: 200 is one everywhere. */
const success: Answer = {
  status: 200,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ status: 'ok' })),
};
/** The same whatever was wrong with a signature: who guesses is not told how near he came. */
const notGenuine = problem(401, 'not allowed');
const tooLarge = problem(413, `more than ${largestBytes} bytes`);

/** Nodes that share a path are given the same post: it is decoded once. */
const decodeOnce = rememberLatest(tryDecode);

/** What a post would be answered that is genuine. */
export function answer(post: Post): Answer {
  return read(post).answer;
}

/** Decodes one post that is genuine, or taken for it: {@link createJudge} asks that. Never throws. */
export function receive(post: Post): Outcome {
  const { message, error } = read(post);
  if (message !== undefined) return { events: [toReading(message, post).event] };
  return error === undefined ? { events: [] } : { events: [], error };
}

/** A judge of posts for one node. Each post is judged once, however often it is asked about. */
export function createJudge(trust: Trust): (post: Post) => Verdict {
  return rememberLatest((post) => judge(post, trust));
}

/** Size, then signature, then what is in it: nothing is parsed for somebody who only says that he is PDK. */
function judge(post: Post, trust: Trust): Verdict {
  if (post.body.length > largestBytes) return read(post);
  const signature = verify(post, trust);
  if (signature instanceof SecurityEventsError) return { answer: notGenuine, error: signature };
  return { ...read(post), signature };
}

function verify(post: Post, trust: Trust): Signature | SecurityEventsError {
  const { address } = post;
  const refuse = (code: string, message: string): SecurityEventsError => new TransportError(code, message, { address });
  const sent = readSignature(post.headers);
  const secrets = [trust.secret, trust.previousSecret];
  const hasSecret = secrets.some((secret) => secret !== '');
  if (trust.acceptUnsigned && (sent === undefined || !hasSecret)) return 'none';
  if (!hasSecret)
    return refuse('secret-missing', `a post of ${address} was refused: the node has no secret to check it`);
  if (sent === undefined) {
    const cure = 'give the subscription at PDK a secret; behind nginx, set underscores_in_headers on';
    return refuse('signature-missing', `a post of ${address} has no header X-PDK-SIGNATURE: ${cure}`);
  }
  if (sent === 'ambiguous') {
    return refuse(
      'signature-ambiguous',
      `a post of ${address} has two signatures that differ: something between changes headers`,
    );
  }
  if (!isSignature(sent, 'sha1')) {
    return refuse(
      'signature-malformed',
      `a post of ${address} has a signature that is not 40 hex digits: it is not of PDK`,
    );
  }
  const signer = findSigner(post.body, sent, secrets, 'sha1');
  if (signer !== undefined) return signer === 0 ? 'current' : 'previous';
  const cause =
    'its secret is another than that of the subscription, or somebody has changed the post, or it is not of PDK';
  return refuse('signature-wrong', `a post of ${address} has a wrong signature: ${cause}`);
}

/** PDK's document spells the header in two ways, and Node.js keeps them apart. */
function readSignature(headers: Post['headers']): string | undefined {
  const [dashes, underscores] = [headers['x-pdk-signature'], headers['x_pdk_signature']].map((value) =>
    Array.isArray(value) ? value.join(', ') : value?.trim(),
  );
  return dashes !== undefined && underscores !== undefined && dashes !== underscores
    ? 'ambiguous'
    : (dashes ?? underscores);
}

function read(post: Post): Verdict {
  const { address } = post;
  if (post.body.length > largestBytes) {
    const message = `${address} sent ${post.body.length} bytes in one post, and no event has more than ${largestBytes}`;
    return { answer: tooLarge, error: new TransportError('body-too-large', message, { address }) };
  }
  const found = decodeOnce(post);
  if (found instanceof SecurityEventsError) return { answer: problem(400, found.message), error: found };
  return { answer: success, message: found };
}

function tryDecode(post: Post): PdkMessage | SecurityEventsError {
  try {
    return decode(post.body);
  } catch (thrown) {
    if (thrown instanceof SecurityEventsError) return thrown;
    const message = `the post could not be read: ${toError(thrown).message}`;
    return new WireError('pdk-unreadable', message, { cause: thrown });
  }
}
