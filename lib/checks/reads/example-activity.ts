import {
  type Backend,
  emptyPicture,
  type Picture,
  type Prepared,
} from "../../core/activity/picture.ts";

/** A picture of these sessions and no others, for the examples of the checks. */
export const examplePicture = (...backends: readonly Backend[]): Picture => ({
  ...emptyPicture,
  sessions: backends.length,
  backends: [...backends],
});

export const exampleBackend = (changes: Partial<Backend> = {}): Backend => ({
  pid: 48_211,
  isVisible: true,
  isHere: true,
  isOurs: false,
  database: "orders",
  role: "billing",
  application: "billing-worker",
  client: "10.0.3.17",
  backendType: "client backend",
  leader: null,
  state: "idle in transaction",
  waitEvent: "Client/ClientRead",
  statement: "UPDATE invoices SET total = $1 WHERE id = $2",
  backendStart: "2026-11-20 02:11:50.001+00",
  xactStart: "2026-11-20 02:58:52.114206+00",
  stateChange: "2026-11-20 02:58:59.12+00",
  xactAge: 68,
  queryAge: 61,
  stateAge: 61,
  xmin: null,
  xminAge: null,
  xid: "901234",
  xidAge: 12,
  blockedBy: [],
  held: [{ table: "public.invoices", mode: "RowExclusiveLock" }],
  ...changes,
});

export const examplePrepared = (changes: Partial<Prepared> = {}): Prepared => ({
  gid: "payment-batch",
  owner: "billing",
  preparedAt: "2026-11-20 02:50:00.5+00",
  age: 600,
  xid: "901200",
  xidAge: 46,
  held: [{ table: "public.invoices", mode: "RowExclusiveLock" }],
  ...changes,
});
