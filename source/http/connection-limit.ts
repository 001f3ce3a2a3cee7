import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the number of connections below a limit by closing, for each one too
 * many, the one that has been without a request for longest. So connections
 * that are opened and left to hang cannot keep out a client that has something
 * to ask, as they would if the newest were turned away.
 */
export function limitConnections(server: Server, limit: number): void {
  const open = new Set<Socket>();
  /** Those without a request in progress, the longest first. */
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size <= limit) return;
    const longest = idle.values().next().value ?? socket;
    idle.delete(longest);
    open.delete(longest);
    longest.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
