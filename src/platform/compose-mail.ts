import * as base64 from "nodemailer/lib/base64";
import MimeNode from "nodemailer/lib/mime-node";
import * as qp from "nodemailer/lib/qp";

/** What a mail is made of. */
export type Letter = { from: string; to: string; subject: string; text: string };

/**
 * The mail as it is sent, RFC 5322, with an id of its own and the present date. The same as nodemailer's transports make of it, headers
 * encoded and folded by nodemailer, but without the six streams that its body passes there: they took three quarters of the time.
 */
export function composeMail({ from, to, subject, text }: Letter): string {
  const node = new MimeNode("text/plain; charset=utf-8").setHeader({ from, to, subject }).setContent(text);
  node.messageId(); // the headers' order is that in which they are set
  const body = encoded(text, node.getTransferEncoding());
  return `${node.buildHeaders()}\r\n\r\n${body}${body.endsWith("\n") ? "" : "\r\n"}`;
}

function encoded(text: string, encoding: string | false): string {
  if (encoding === "quoted-printable") return qp.wrap(qp.encode(text));
  if (encoding === "base64") return base64.wrap(base64.encode(text));
  return text;
}
