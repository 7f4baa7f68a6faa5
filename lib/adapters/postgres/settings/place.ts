/** Where a connection leads and as whom. Holds no secret: fit for messages and evidence. */
export interface Place {
  /** A name, an address, or the directory of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** `orders.example.com:5432`, `[::1]:5432`, `/var/run/postgresql/.s.PGSQL.5432` */
export const sayServer = ({ host, port }: Pick<Place, "host" | "port">): string => {
  if (isSocket(host)) return `${host}/.s.PGSQL.${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
};

/** For people: the URL without its password and parameters. */
export function sayPlace(place: Place): string {
  const [user, database] = [place.user, place.database].map(encodeURIComponent);
  const host = isSocket(place.host)
    ? `${encodeURIComponent(place.host)}:${place.port}`
    : sayServer(place);
  return `postgres://${user}@${host}/${database}`;
}

export const isSocket = (host: string): boolean => host.startsWith("/") || host.startsWith("@");

/** Nobody listens in on the way there. */
export const isLocal = (host: string): boolean =>
  isSocket(host) ||
  /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
