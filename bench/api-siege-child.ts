/**
 * Opens connections that hang, or send their headers letter by letter, until it is killed.
 *
 * Usage: node bench/api-siege-child.ts PORT COUNT hang|drip
 */
import { connect, type Socket } from 'node:net';

const [port = 0, count = 0] = process.argv.slice(2, 4).map(Number);
const drips = process.argv[4] === 'drip';
const sockets = new Set<Socket>();
/** Whoever is cut off comes again. */
function open(): void {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  if (drips) socket.write('GET /health HTTP/1.1\r\nHost: x\r\n');
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    setTimeout(open, 1000);
  });
}
for (let number = 0; number < count; number += 1) setTimeout(open, number / 5);
if (drips) setInterval(() => sockets.forEach((socket) => void socket.write('X-A: b\r\n')), 500);
