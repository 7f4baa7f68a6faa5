interface Whereabouts {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export function serverUrl({ host, port }: Whereabouts, login: Login): string {
  const [user, password, database] = [login.user, login.password, login.database].map(
    encodeURIComponent,
  );
  return `postgresql://${user}:${password}@${host}:${port}/${database}`;
}
