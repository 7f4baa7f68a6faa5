import { expect, test } from "vitest";
import { hideSecret, withoutPasswords } from "../../lib/schema/secret.ts";

test.each([
  ["password=hush", "password=(hidden)"],
  ["app.api_key=hush", "app.api_key=(hidden)"],
  ["host=a", "host=a"],
  ["app.remote=postgres://anna:hush@db/shop", "app.remote=postgres://anna:(hidden)@db/shop"],
  ["app.remote=host=db password=hush user=a", "app.remote=host=db password=(hidden) user=a"],
  ["app.remote=host=db password='hush, hush'", "app.remote=host=db password=(hidden)"],
])("an option %s is kept as %s", (option, kept) => {
  expect(hideSecret(option)).toBe(kept);
});

test.each([
  [
    "SELECT dblink('host=db dbname=x password=hush', 'SELECT 1')",
    "SELECT dblink('host=db dbname=x password=(hidden)', 'SELECT 1')",
  ],
  [
    "-- it isn't\nSELECT dblink('password=''hush hush'' host=db')",
    "-- it isn't\nSELECT dblink('password=(hidden) host=db')",
  ],
  ["'https://a:hush@b/c' || '?x=1'", "'https://a:(hidden)@b/c' || '?x=1'"],
])("of %s the password alone is hidden", (text, kept) => {
  expect(withoutPasswords(text)).toBe(kept);
});

test.each([
  "UPDATE t SET host = a, password = crypt(new.password, gen_salt('bf')) WHERE id = 1",
  "SELECT * FROM users WHERE host = x AND password = y",
  "IF new.password = old.password THEN RETURN NEW; END IF",
  "PERFORM connect('host=' || h || ' password=' || p)",
  "'https://example.com/a:b@c'",
])("code stays as it is: %s", (text) => {
  expect(withoutPasswords(text)).toBe(text);
});
