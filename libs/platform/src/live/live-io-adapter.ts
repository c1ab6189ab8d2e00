import { IoAdapter } from '@nestjs/platform-socket.io';
import type { INestApplicationContext } from '@nestjs/common';
import type { Server, ServerOptions } from 'socket.io';

const FRAME_BYTES_MAX = 64 * 1024;
/** A client that has stopped reading does not answer either: between them it is gone within ten seconds, however little is sent meanwhile. */
const PING_EVERY_MS = 2_500;
/** Longer than the service itself is ever held up: its timers run before it reads the answers that came meanwhile. */
const PING_WAIT_MS = 6_500;

/** Socket.IO on the API's own port: small frames only, no foreign origin, no compression of small JSON. */
export class LiveIoAdapter extends IoAdapter {
  constructor(app: INestApplicationContext, private readonly allowedOrigins: readonly string[]) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      maxHttpBufferSize: FRAME_BYTES_MAX, perMessageDeflate: false, serveClient: false, pingInterval: PING_EVERY_MS, pingTimeout: PING_WAIT_MS, connectTimeout: 10_000,
      cors: { origin: [...this.allowedOrigins], credentials: true },
      // Programs send no Origin; a browser's must be ours: a cookie must not open a socket for a foreign page.
      allowRequest: (request: { headers: { origin?: string } }, decide: (error: string | null, allowed: boolean) => void) => {
        const { origin } = request.headers;
        const allowed = origin === undefined || this.allowedOrigins.includes(origin);
        decide(allowed ? null : 'origin_forbidden', allowed);
      },
    } as ServerOptions) as Server;
  }
}
