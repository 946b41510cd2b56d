// All connections of a server. There is a limit in all and one for each address; a connection that comes when there is no
// room takes the place of the one that has been silent for longest. Where none is silent, it is among the few that come in
// only to be told so, and to ask after the server's health.

import type { IncomingMessage } from "node:http";
import { BlockList, isIPv4, isIPv6, type Socket } from "node:net";
import type { DropReport } from "./drops.ts";

/** How many connections there may be, and for how long they may stand still. */
export type ConnectionLimits = {
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Time in which a client has to read on, in ms. */
  writeTimeoutMs: number;
  /** Whether an address is of a proxy whose clients are many. */
  isProxy: (address: string) => boolean;
  /** Told of connections that are closed. */
  drop: DropReport;
};

/** One connection. */
export type Connection = {
  readonly socket: Socket;
  /** Whom it counts for; null for a believed proxy. */
  readonly address: string | null;
  /** Whether it came when there was no room: it is told so. */
  readonly isExtra: boolean;
  /** Whether it has become a WebSocket, which is watched elsewhere. */
  isWebSocket: boolean;
  /** The first request beyond those that it may have at once: what follows is not looked at. */
  excess: IncomingMessage | undefined;
  /** Requests that are not answered. */
  readonly requests: Set<IncomingMessage>;
  /** Whether the latest of them came at once after an answer, or before it: its client waits for nothing else. */
  isHasty: boolean;
  /** When the last answer was sent. */
  answeredAt: number;
  /** When it was last seen that bytes came or went. */
  movedAt: number;
  /** Bytes received and bytes that the client's side has taken, when last looked at. */
  moved: number;
};

/** Connections that come in beyond the limits at most, to be told so. */
const MAX_EXTRA = 64;

/** Silence after which a connection gives its place to one that comes, in ms. */
const SILENT_MS = 500;

/** Time after an answer in which the next request of the same connection is hasty, in ms. */
const HASTY_MS = 200;

/** How often connections are looked at, in ms. */
const CHECK_INTERVAL_MS = 250;

/** The connections of a server that are open. */
export class ConnectionTable {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Socket, Connection>();
  readonly #byAddress = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #extra = 0;

  /** @param limits See {@link ConnectionLimits}. */
  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS).unref();
  }

  /** Connections open now. */
  get size(): number {
    return this.#open.size;
  }

  /** What is known of a connection. @param socket Let in, and not closed. */
  get(socket: Socket): Connection | undefined {
    return this.#open.get(socket);
  }

  /**
   * Lets a connection in, or closes it.
   *
   * @param socket Just accepted.
   * @returns What is known of it; undefined where it was closed.
   */
  admit(socket: Socket): Connection | undefined {
    const { remoteAddress = "" } = socket;
    const address = this.#limits.isProxy(remoteAddress) ? null : addressKey(remoteAddress);
    const hasRoom = this.#findRoom(address);
    if (!hasRoom && !this.#findExtraRoom()) {
      socket.destroy();
      return undefined;
    }
    return this.#add({
      socket,
      address,
      isExtra: !hasRoom,
      isWebSocket: false,
      excess: undefined,
      requests: new Set(),
      isHasty: false,
      answeredAt: Number.NEGATIVE_INFINITY,
      movedAt: performance.now(),
      moved: 0,
    });
  }

  /** Notes a request that is not answered yet. @param connection Its. @param request Just come. */
  begin(connection: Connection, request: IncomingMessage): void {
    const { requests, address, answeredAt } = connection;
    const isAtOnce = requests.size > 0 || performance.now() - answeredAt < HASTY_MS;
    connection.isHasty = isAtOnce && address !== null;
    requests.add(request);
  }

  /** Notes that a request is answered. @param connection Its. @param request Noted before. */
  end(connection: Connection, request: IncomingMessage): void {
    connection.requests.delete(request);
    connection.answeredAt = performance.now();
  }

  /** Closes all connections. */
  destroyAll(): void {
    for (const { socket } of this.#open.values()) socket.destroy();
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer);
  }

  #add(connection: Connection): Connection {
    const { socket, address, isExtra } = connection;
    this.#open.set(socket, connection);
    if (isExtra) this.#extra += 1;
    else if (address !== null) this.#countAddress(address, 1);
    // It may break before anything else listens to it.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#forget(connection);
    });
    return connection;
  }

  #forget(connection: Connection): void {
    const { socket, address, isExtra } = connection;
    if (!this.#open.delete(socket)) return;
    if (isExtra) this.#extra -= 1;
    else if (address !== null) this.#countAddress(address, -1);
  }

  #countAddress(address: string, change: number): void {
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
  }

  #findRoom(address: string | null): boolean {
    const { maxConnections, maxConnectionsPerAddress, drop } = this.#limits;
    const ofAddress = address === null ? 0 : (this.#byAddress.get(address) ?? 0);
    if (ofAddress >= maxConnectionsPerAddress) {
      if (this.#dropSilent((other) => other.address === address && !other.isExtra)) return true;
      drop("address-limit");
      return false;
    }
    if (this.#open.size - this.#extra < maxConnections) return true;
    if (this.#dropSilent((other) => !other.isExtra)) return true;
    drop("connection-limit");
    return false;
  }

  #findExtraRoom(): boolean {
    return this.#extra < MAX_EXTRA || this.#dropSilent(({ isExtra }) => isExtra);
  }

  /** Closes the connection that has been silent for longest. @returns Whether there was one. */
  #dropSilent(isCounted: (connection: Connection) => boolean): boolean {
    const latest = performance.now() - SILENT_MS;
    let silent: Connection | undefined;
    for (const connection of this.#open.values()) {
      const isSilent = connection.movedAt < latest && !(silent && silent.movedAt <= connection.movedAt);
      if (isSilent && isCounted(connection) && !isOurTurn(connection)) silent = connection;
    }
    if (!silent) return false;
    this.#drop(silent);
    this.#limits.drop("connection-silent");
    return true;
  }

  #drop(connection: Connection): void {
    this.#forget(connection);
    connection.socket.destroy();
  }

  #check(): void {
    const now = performance.now();
    for (const connection of this.#open.values()) {
      const { socket } = connection;
      const moved = socket.bytesRead + socket.bytesWritten - socket.writableLength;
      if (moved !== connection.moved || isOurTurn(connection)) {
        connection.moved = moved;
        connection.movedAt = now;
      } else if (socket.writableLength > 0 && now - connection.movedAt > this.#limits.writeTimeoutMs) {
        this.#drop(connection);
        this.#limits.drop("write-timeout");
      }
    }
  }
}

/** Whether it is for the server to act: it works on an answer, and all that is ready has been taken. */
function isOurTurn({ socket, requests, isWebSocket }: Connection): boolean {
  if (isWebSocket) return true;
  if (socket.writableLength > 0 || requests.size === 0) return false;
  for (const { complete } of requests) if (!complete) return false;
  return true;
}

// Whom a connection counts for where limits hold for each address.

/** What the names of networks stand for, as `@fastify/proxy-addr` has them. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/**
 * What stands for a client in counts. Of IPv6 it is the first 64 bits: whoever has one such address has them all.
 *
 * @param address As the socket has it.
 */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const rest = tail === "" ? [] : tail.split(":");
    groups.push(...new Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0"), ...rest);
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}

/**
 * Makes the check whether a connection is one of a proxy that is believed: many clients come from its address.
 *
 * @param proxies Addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`.
 * @returns Takes an address as the socket has it.
 */
export function createProxyCheck(proxies: readonly string[]): (address: string) => boolean {
  if (proxies.length === 0) return () => false;
  const networks = new BlockList();
  for (const network of proxies.flatMap((proxy) => NAMED_NETWORKS[proxy] ?? [proxy])) {
    const [address = "", bits] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    networks.addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    return networks.check(plain, isIPv4(plain) ? "ipv4" : "ipv6");
  };
}

/** Without the prefix of an IPv4 address in IPv6, and without a zone. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
