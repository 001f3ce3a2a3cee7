import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

const garbage: Readonly<Record<string, readonly [status: string, code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'headers-too-large',
    'The headers are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'too-slow-to-arrive',
    'The request took too long to arrive.',
  ],
};

/** What is not HTTP never reaches a route: it is answered here, and the connection ends. */
export function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = garbage[error.code ?? ''] ?? [
    '400 Bad Request',
    'not-http',
    'This is not a request of HTTP/1.1.',
  ];
  const body = JSON.stringify({
    type: `urn:signal-harvester:problem:${code}`,
    title: status.slice(4),
    status: Number(status.slice(0, 3)),
    detail,
    fix: 'Send a complete, well-formed request.',
    requestId: randomUUID(),
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
