import { createHmac } from "node:crypto";
import { sign, whyNotSigned } from "./signature";

const now = new Date("2026-11-21T12:00:00Z");
const body = Buffer.from('{"id":"evt_1"}');
const secrets = ["whsec_current", "whsec_next"];
const at = (seconds: number) => now.getTime() / 1_000 + seconds;
const macOf = (time: number, secret: string) =>
  createHmac("sha256", secret).update(`${time}.`).update(body).digest("hex");
const why = (header: string, about = body) => whyNotSigned(about, header, secrets, now);

test("what is signed here is what Stripe would sign", () => {
  const header = sign("whsec_next", body, new Date(now.getTime() + 999)); // whole seconds count
  expect(header).toBe(`t=${at(0)},v1=${macOf(at(0), "whsec_next")}`);
  expect(why(header)).toBeNull();
});

test("one of several signatures, under one of several secrets, is enough while they are rotated", () => {
  const [time, retired] = [at(0), macOf(at(0), "whsec_retired")];
  for (const secret of secrets) {
    expect(why(`t=${time},v1=${macOf(time, secret)}`)).toBeNull();
    expect(why(`t=${time},v1=${retired},v1=${macOf(time, secret)},v0=${retired}`)).toBeNull();
  }
  expect(why(`t=${time},v1=${retired}`)).toBe("signature");
});

test("what is replayed stays old, though another time is put beside it", () => {
  const [old, mac] = [at(-3_600), macOf(at(-3_600), "whsec_current")];
  expect(why(`t=${old},v1=${mac}`)).toBe("too old");
  for (const header of [
    `t=${at(0)},t=${old},v1=${mac}`,
    `t=${old},t=${at(0)},v1=${mac}`,
    `t=${at(0)},v1=${mac}`,
  ])
    expect(why(header)).toBe("signature");
});

test.each([
  [-300, null],
  [-301, "too old"],
  [300, null],
  [301, "from the future"],
])("%s seconds from now", (by, expected) => {
  expect(why(`t=${at(by)},v1=${macOf(at(by), "whsec_current")}`)).toBe(expected);
});

test("the bytes count, not what they decode to", () => {
  const [time, mark] = [at(0), Buffer.from([0xef, 0xbb, 0xbf])];
  const header = `t=${time},v1=${macOf(time, "whsec_current")}`;
  expect(why(header, Buffer.concat([mark, body]))).toBe("signature"); // a byte order mark, which decoders drop
});
