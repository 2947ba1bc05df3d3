import { createServer, type Server, type Socket } from "node:net";
import { createDelivery } from "../src/platform/mail";
import { readTestConfig } from "./support/config";

/** What the mails were sent with, as the server read it. */
const letters: string[] = [];
const open = new Set<Socket>();
const servers: Server[] = [];
afterAll(() => {
  for (const socket of open) socket.destroy();
  for (const server of servers) server.close();
});

/** A mail server that does with each connection what its test says. @returns its address */
async function aMailServer(meet: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    open.add(socket.on("error", () => undefined));
    meet(socket);
  });
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  return `smtp://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** Takes every mail. */
const takesAll = (socket: Socket) => {
  let letter: string | null = null;
  socket.write("220 hello\r\n");
  socket.on("data", (data) => {
    const said = String(data);
    if (letter === null) {
      if (said.startsWith("DATA")) letter = "";
      socket.write(letter === null ? "250 fine\r\n" : "354 go on\r\n");
      return;
    }
    letter += said;
    if (!letter.endsWith("\r\n.\r\n")) return;
    letters.push(letter);
    letter = null;
    socket.write("250 fine\r\n");
  });
};

const MAIL = { to: "ann@example.test", subject: "Your order", text: "Thank you.\n" };
const deliveryTo = (url: string) =>
  createDelivery(readTestConfig({ SMTP_URL: url, MAIL_FROM: "Shop <shop@example.test>" }));

test("a mail server that takes the connection and says nothing is given up after some ten seconds, not minutes", async () => {
  const deliver = deliveryTo(await aMailServer(() => undefined));
  const began = performance.now();
  await expect(deliver(MAIL, "one")).rejects.toThrow("ETIMEDOUT, no answer"); // waits for its greeting
  expect(performance.now() - began).toBeLessThan(15_000);
});

test("how long is waited can be said with the address", async () => {
  const hangs = await aMailServer((socket) => socket.write("220 hello\r\n"));
  await expect(deliveryTo(`${hangs}?socketTimeout=200`)(MAIL, "one")).rejects.toThrow("no answer");
});

test("a mail that is sent again has the id that it had, so that a mail server knows it", async () => {
  const deliver = deliveryTo(await aMailServer(takesAll));
  for (const id of ["one", "one", "two"]) await deliver(MAIL, id);
  const ids = letters.map((letter) => /^Message-ID: (.*)\r$/m.exec(letter)?.[1]);
  expect(ids).toEqual(["<one@example.test>", "<one@example.test>", "<two@example.test>"]);
});
