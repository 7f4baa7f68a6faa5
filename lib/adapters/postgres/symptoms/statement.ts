import { connecting, type Rule, reading } from "./rule.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const statement: readonly Rule[] = [
  {
    codes: ["55P03"],
    is: "lock",
    hint:
      "Somebody holds a lock, or waits for one, on what was to be read: pgvigil steps " +
      "aside. `pgvigil locks` shows who. It is read in the next run.",
  },
  {
    codes: ["57014"],
    when: ({ ranOut, message }) => ranOut || /statement timeout/.test(message),
    is: "timeout",
    hint:
      "The server is slow or the catalog large. limits.statement allows more, but what " +
      "locks user tables never has more than 250 ms.",
  },
  {
    codes: ["57014"],
    is: "other",
    says: "somebody cancelled the question (pg_cancel_backend)",
    hint:
      "pgvigil never holds others up for more than a moment. If a script cancels by age or " +
      "name, leave out application_name = 'pgvigil'.",
  },
  {
    // Nothing of ours is serializable and nothing waits long enough for a deadlock but for replay.
    codes: ["40001", "40P01"],
    is: "conflict",
    hint:
      "The standby had to replay what the question was reading. " +
      "max_standby_streaming_delay gives questions more time.",
  },
  {
    codes: ["42501"],
    is: "privilege",
    hint: "`pgvigil init` prints the GRANTs that each check needs.",
  },
  {
    codes: ["XX000"],
    message:
      /cache lookup failed|could not open relation|with OID \d+|tuple concurrently|could not find/,
    is: "changed-underneath",
    hint:
      "Something was dropped or altered while it was being read. Run again when the " +
      "migration is through.",
  },
  {
    codes: ["42P01", "42703", "42704", "42883", "3F000", "42P02"],
    when: reading,
    is: "changed-underneath",
    hint:
      "Something was dropped or renamed while it was being read. If it stays, this is a " +
      "bug in pgvigil: please report the message.",
  },
  {
    codes: ["42P01", "42703", "42704", "42883", "3F000", "42601", "42804", "0A000"],
    when: connecting,
    is: "unexpected-answer",
    hint: "Is this PostgreSQL 13 to 18? Databases that speak its protocol only are not supported.",
  },
  {
    codes: ["25006"],
    is: "unexpected-answer",
    says: "the server refused a write, as it should: the read is a bug in pgvigil",
    hint: "Nothing was changed. Please report the check.",
  },
  {
    codes: ["42601", "42804", "42809", "0A000"],
    is: "unexpected-answer",
    hint:
      "Is this PostgreSQL 13 to 18? If so, this is a bug in pgvigil: please report the " +
      "message.",
  },
  {
    codes: ["XX001", "XX002"],
    is: "other",
    hint:
      "PostgreSQL found damaged data. Stop and read " +
      "https://wiki.postgresql.org/wiki/Corruption before anything is changed; take a copy " +
      "of the files first.",
  },
  {
    codes: ["53100"],
    is: "other",
    hint: "The server's disk is full. Free space before it stops: never by deleting from pg_wal.",
  },
  {
    codes: ["53200"],
    is: "other",
    hint:
      "The server ran out of memory or of lock slots (max_locks_per_transaction). Its log " +
      "says which.",
  },
  {
    codes: ["55000"],
    message: /shared_preload_libraries/,
    is: "other",
    hint:
      "The extension is created but not loaded: add it to shared_preload_libraries and " +
      "restart.",
  },
  {
    codes: ["58030", "58P01"],
    is: "other",
    hint:
      "The server could not read one of its files. Its log and the kernel's have more: a " +
      "failing disk comes first.",
  },
  {
    // Errors about data repeat the data. None of it leaves the server through us.
    when: ({ code }) => /^2[23]...$/.test(code),
    is: "other",
    says: ({ code }) =>
      `the server could not work with a value (SQLSTATE ${code}); its words may hold data and are left out`,
    hint: "The server's log has them. This is a bug in pgvigil: please report the check.",
  },
];
