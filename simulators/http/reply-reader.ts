/** Cuts the bytes a server sends into HTTP/1.1 replies: by length, by chunks, or up to the end of the connection. */

export interface Reply {
  /** 0 when a fault left no reply to read. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headEnd = '\r\n\r\n';

export class ReplyReader {
  #bytes = Buffer.alloc(0);

  /** The replies that are complete now. */
  push(chunk: Buffer): Reply[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const replies: Reply[] = [];
    for (let reply = this.#take(false); reply !== undefined; reply = this.#take(false)) replies.push(reply);
    return replies;
  }

  /** The reply that had no length and ends with the connection. */
  end(): Reply | undefined {
    return this.#take(true);
  }

  #take(ended: boolean): Reply | undefined {
    const end = this.#bytes.indexOf(headEnd);
    if (end < 0) return undefined;
    const { status, headers } = readHead(this.#bytes.toString('latin1', 0, end));
    const rest = this.#bytes.subarray(end + headEnd.length);
    const body = readBody(status, headers, rest, ended);
    if (body === undefined) return undefined;
    this.#bytes = rest.subarray(body.usedBytes);
    // 1xx is a remark before the reply (100 Continue), not the reply.
    return status < 200 ? this.#take(ended) : { status, headers, body: body.bytes.toString('utf8') };
  }
}

interface Body {
  readonly bytes: Buffer;
  readonly usedBytes: number;
}

function readHead(head: string): { readonly status: number; readonly headers: Readonly<Record<string, string>> } {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`The server's reply does not start as HTTP: ${statusLine.slice(0, 80)}`);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status, headers };
}

function readBody(
  status: number,
  headers: Readonly<Record<string, string>>,
  rest: Buffer,
  ended: boolean,
): Body | undefined {
  if (status < 200 || status === 204 || status === 304) return { bytes: Buffer.alloc(0), usedBytes: 0 };
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return readChunks(rest);
  const length = headers['content-length'];
  if (length === undefined) return ended ? { bytes: rest, usedBytes: rest.length } : undefined;
  const lengthBytes = Number(length);
  return rest.length < lengthBytes ? undefined : { bytes: rest.subarray(0, lengthBytes), usedBytes: lengthBytes };
}

function readChunks(rest: Buffer): Body | undefined {
  const parts: Buffer[] = [];
  for (let offset = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', offset);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(rest.toString('latin1', offset, lineEnd), 16);
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return undefined;
    if (size === 0) return { bytes: Buffer.concat(parts), usedBytes: start + 2 };
    parts.push(rest.subarray(start, start + size));
    offset = start + size + 2;
  }
}
