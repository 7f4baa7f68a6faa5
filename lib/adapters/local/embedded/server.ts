import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { giveTo, removeFolder } from "./folder.ts";
import type { Installation } from "./installed.ts";
import { tailOf } from "./log.ts";
import { freePort } from "./port.ts";
import { type Postmaster, type StopMode, startPostmaster } from "./postmaster.ts";
import { type Settings, writeSettings } from "./settings.ts";
import { serverUrl } from "./url.ts";
import type { Watchdog } from "./watchdog.ts";

/** A PostgreSQL of our own. It is stopped and its folder removed even if we are killed. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly major: number;
  /** As PostgreSQL counts: `18.4`. */
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  /** Private to the server: its `data`, its `server.log`. */
  readonly directory: string;
  /** Of the postmaster; another one after a restart. */
  readonly pid: number;
  url(database?: string, user?: string, password?: string): string;
  /** Stops it if it runs, and starts it on the same data and port; `settings` are added. */
  restart(settings?: Settings): Promise<void>;
  /** Stops it and removes its folder. To call it again changes nothing. */
  stop(how?: StopMode): Promise<void>;
  /** The last lines of its log. */
  logTail(): string;
}

/** All that a server needs to run, its cluster being made already. */
export interface Prepared {
  readonly installation: Installation;
  readonly binaries: string;
  readonly directory: string;
  readonly account: Account | undefined;
  readonly watchdog: Watchdog;
  readonly user: string;
  readonly password: string;
  readonly patience: number;
}

export const dataOf = (directory: string): string => join(directory, "data");
const logOf = (directory: string): string => join(directory, "server.log");

/** How often another port is tried when somebody was quicker. */
const portAttempts = 5;

export class RunningServer implements EmbeddedServer {
  readonly host = "127.0.0.1";
  readonly #prepared: Prepared;
  #settings: Settings;
  #port = 0;
  #postmaster: Postmaster | undefined;
  #stopping: Promise<void> | undefined;

  constructor(prepared: Prepared, settings: Settings) {
    this.#prepared = prepared;
    this.#settings = settings;
  }

  get major() {
    return this.#prepared.installation.major;
  }
  get version() {
    return this.#prepared.installation.version;
  }
  get port() {
    return this.#port;
  }
  get user() {
    return this.#prepared.user;
  }
  get password() {
    return this.#prepared.password;
  }
  get directory() {
    return this.#prepared.directory;
  }
  get pid() {
    return this.#postmaster?.pid ?? 0;
  }

  url(database = "postgres", user = this.user, password = this.password): string {
    return serverUrl(this, { database, user, password });
  }

  logTail(): string {
    return tailOf(logOf(this.directory));
  }

  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#port = await freePort(this.host);
      try {
        return await this.#launch();
      } catch (error) {
        const taken = this.logTail().includes(`could not bind IPv4 address "${this.host}"`);
        if (!taken || attempt === portAttempts) throw error;
        rmSync(logOf(this.directory));
      }
    }
  }

  async restart(settings: Settings = {}): Promise<void> {
    if (this.#stopping) {
      throw new EmbeddedPostgresError(
        `This PostgreSQL ${this.version} has been stopped and its data removed.`,
        "Start another one.",
      );
    }
    this.#settings = { ...this.#settings, ...settings };
    await this.#postmaster?.stop("fast");
    await this.#launch();
  }

  stop(how: StopMode = "fast"): Promise<void> {
    this.#stopping ??= this.#stop(how);
    return this.#stopping;
  }

  /** Nobody will read the data again: there is no need to write them down. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop("immediate");
  }

  async #stop(how: StopMode): Promise<void> {
    await this.#postmaster?.stop(how);
    await removeFolder(this.directory);
    this.#prepared.watchdog.dismiss();
  }

  async #launch(): Promise<void> {
    const { binaries, account, patience, watchdog } = this.#prepared;
    const data = dataOf(this.directory);
    const written = await writeSettings(data, {
      ...this.#settings,
      listen_addresses: this.host,
      port: String(this.#port),
      unix_socket_directories: "", // a path in a temporary folder is often too long for a socket
    });
    giveTo(account, written);
    try {
      this.#postmaster = await startPostmaster({
        ...{ binaries, data, account, patience, logFile: logOf(this.directory) },
        onPid: (pid) => watchdog.mind(pid),
      });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new EmbeddedPostgresError(
        `PostgreSQL ${this.version} did not start on ${this.host}:${this.#port}: ${reason}.` +
          `\nThe end of its log:\n${this.logTail() || "(empty)"}`,
        "The log says what it lacks; a setting that it does not know is the usual reason.",
        { cause },
      );
    }
  }
}
