import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Stands before the time of sending in an alert's title. */
export const SENT_MARK = '@@';
const SENT_DIGITS = 13;

/**
 * A client of `/live` that costs next to nothing: it counts frames instead of parsing them, so that two hundred of them leave the
 * processor to the server. One in `sampled` also reads when each alert was sent.
 */
export class RawLiveClient {
  alerts = 0;
  closedAt: number | null = null;
  readonly lagMs: number[] = [];
  private rest: Buffer = Buffer.alloc(0);
  private upgraded = false;

  private constructor(private readonly socket: Socket, private readonly sampled: boolean, private readonly onJoined: () => void) {
    socket.on('data', (part) => { this.read(part); });
    socket.on('close', () => { this.closedAt = Date.now(); });
    socket.on('error', () => {});
  }

  static open(url: string, key: string, sampled: boolean): Promise<RawLiveClient> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
      });
      socket.once('error', reject);
      const client: RawLiveClient = new RawLiveClient(socket, sampled, () => { resolve(client); });
      client.token = key;
    });
  }
  private token = '';

  stall(): void { this.socket.pause(); }
  close(): void { this.socket.destroy(); }

  private read(part: Buffer): void {
    this.rest = this.rest.length === 0 ? part : Buffer.concat([this.rest, part]);
    let at = 0;
    if (!this.upgraded) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.upgraded = true;
      at = end + 4;
      this.write(`40/live,${JSON.stringify({ token: this.token })}`);
    }
    // Frames of a server are not masked (RFC 6455, 5.1).
    for (;;) {
      if (this.rest.length - at < 2) break;
      let length = this.rest[at + 1]! & 127;
      let head = 2;
      if (length === 126) {
        if (this.rest.length - at < 4) break;
        length = this.rest.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (this.rest.length - at < 10) break;
        length = Number(this.rest.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (this.rest.length - at < head + length) break;
      this.frame(this.rest.subarray(at + head, at + head + length));
      at += head + length;
    }
    this.rest = at === 0 ? this.rest : this.rest.subarray(at);
  }

  private frame(payload: Buffer): void {
    if (payload[0] === 0x32) this.write('3');
    else if (payload[1] === 0x30 && payload.indexOf('40/live') === 0) this.onJoined();
    else if (payload.length > 60 && payload[10] === 0x61) {
      this.alerts += 1;
      if (!this.sampled) return;
      const mark = payload.indexOf(SENT_MARK);
      if (mark > 0) this.lagMs.push(Date.now() - Number(payload.toString('latin1', mark + SENT_MARK.length, mark + SENT_MARK.length + SENT_DIGITS)));
    }
  }

  /** Frames of a client are masked; a mask of zeros changes nothing. */
  private write(text: string): void {
    const body = Buffer.from(text);
    const head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]) : Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 255, 0, 0, 0, 0]);
    this.socket.write(Buffer.concat([head, body]));
  }
}
