import { createTransport } from "nodemailer";
import { composeMail, domainOf, type Letter } from "./compose-mail";

const ORDER: Letter = {
  from: "Shop <shop@example.test>",
  to: "ann@example.test",
  subject: "Shop: your order 1234567",
  text: "Thank you for your order 1234567.\n\n2 × Äpfel: 12.00 EUR\nTotal: 12.00 EUR\n",
  messageId: "<6f1c@example.test>",
};
const ODD: Record<string, Partial<Letter>> = {
  "an order": {},
  "ASCII alone": { text: "Thank you.\n\nTotal: 12.00 EUR\n" },
  "no line's end": { text: "Thank you" },
  "long lines": { text: `${"Äpfel and pears ".repeat(40)}\n${"x".repeat(400)}\n` },
  "long lines of ASCII": { text: `${"apples and pears ".repeat(40)}\n` },
  "spaces at lines' ends": { text: "Thank you  \nÄ \t\n = equal\r\n.\n" },
  "another script": { text: "ご注文ありがとうございます。\n合計 1200 円\n".repeat(9) },
  emoji: { subject: `${"🍎🍐 ".repeat(40)}`, text: `${"👩‍🚀".repeat(60)}\n` },
  "a subject with umlauts": { subject: "Müllers Größen: your order 1234567 ".repeat(5) },
  "a subject that begins further headers": {
    subject: "a\r\nBcc: eve@example.test\r\n\r\nbody\nx\rfoo\u0000\u001b[31m",
  },
  "a subject that looks encoded": { subject: "=?UTF-8?Q?a=0D=0ABcc:_eve@example.test?=" },
  "an empty subject": { subject: "" },
  "odd addresses": {
    to: "jürgen.o'neil+x@bücher.example",
    from: '"Müller, \\"Obst\\" & Co." <shop@example.test>',
  },
  "an address that begins further headers": { to: "ann@example.test\r\nBcc: eve@example.test" },
  "an address that is several": { to: "ann@example.test, eve@example.test; <eve2@example.test>" },
  "a sender that begins further headers": { from: "Shop\r\nBcc: eve@example.test <shop@example.test>" },
  "a sender without an address": { from: "Shop" },
  "an id that begins further headers": { messageId: "<a\r\nBcc: eve@example.test>" },
};

const transport = createTransport({ streamTransport: true, buffer: true });
/** Without what differs between any two mails. */
const lasting = (mail: string) => mail.replace(/^Date: .*$/m, "Date:");

test.each(Object.entries(ODD))(
  "says the same, byte for byte, as nodemailer's transport: %s",
  async (_, odd) => {
    const letter = { ...ORDER, ...odd };
    const { message } = await transport.sendMail(letter);
    expect(lasting(composeMail(letter))).toBe(lasting(String(message)));
  },
);

test.each(["subject", "to", "from", "messageId"] as const)(
  "nothing in %s begins another header or the body",
  (part) => {
    const hostile = `${ORDER[part]}\r\nX-Eve: 1\nX-Eve: 2\rX-Eve: 3\u2028X-Eve: 4\r\n\r\nX-Eve: 5`;
    const mail = composeMail({ ...ORDER, [part]: hostile });
    expect(mail).not.toMatch(/[\r\n]X-Eve/);
    expect(mail.split("\r\n\r\n")).toHaveLength(2);
  },
);

test("a mail has the id that it is given, and a date", () => {
  const mail = composeMail(ORDER);
  expect(mail).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r$/m);
  expect(mail).toMatch(/^Message-ID: <6f1c@example\.test>\r$/m);
});

test.each([
  ["Shop <shop@example.test>", "example.test"],
  ["shop@bücher.example", "xn--bcher-kva.example"],
  ["Shop", "localhost"],
])("the domain of %s, as nodemailer would put it after a mail's id", async (from, domain) => {
  expect(domainOf(from)).toBe(domain);
  const { messageId } = await transport.sendMail({ ...ORDER, from, messageId: undefined });
  expect(messageId).toMatch(new RegExp(`@${domain}>$`));
});
