/** Writes an HTTP/1.1 request byte by byte as a device does, right or deliberately wrong. */

export interface RequestOptions {
  /** `POST` where nothing else is said. */
  readonly method?: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly secure?: boolean;
  readonly keepAlive?: boolean;
  /** `POST http://host:port/path`, as recorders send it, in place of `POST /path`. */
  readonly absoluteForm?: boolean;
  /** Empty: none is sent. */
  readonly contentType?: string;
  readonly chunked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestBytes {
  readonly head: Buffer;
  /** The body as it goes over the wire, with chunk sizes where the request is chunked. */
  readonly payload: Buffer;
}

const chunkBytes = 16_384;

/** `missingBytes` is what Content-Length leaves out: the server takes the rest for another request. */
export function writeRequest(options: RequestOptions, body: Buffer, missingBytes = 0): RequestBytes {
  const authority = `${options.host.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
  const origin = options.absoluteForm ? `${options.secure ? 'https' : 'http'}://${authority}` : '';
  const headers = {
    Host: authority,
    ...(options.contentType !== '' && { 'Content-Type': options.contentType ?? 'application/xml; charset=utf-8' }),
    Connection: (options.keepAlive ?? true) ? 'keep-alive' : 'close',
    ...options.headers,
    ...(options.chunked
      ? { 'Transfer-Encoding': 'chunked' }
      : { 'Content-Length': String(Math.max(0, body.length - missingBytes)) }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return {
    head: Buffer.from(
      `${options.method ?? 'POST'} ${origin}${options.path} HTTP/1.1\r\n${lines.join('')}\r\n`,
      'latin1',
    ),
    payload: options.chunked ? chunk(body) : body,
  };
}

function chunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < body.length; offset += chunkBytes) {
    const part = body.subarray(offset, offset + chunkBytes);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
