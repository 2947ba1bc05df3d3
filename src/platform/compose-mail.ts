import * as base64 from "nodemailer/lib/base64";
import MimeNode from "nodemailer/lib/mime-node";
import * as qp from "nodemailer/lib/qp";

/** What a mail is made of; `messageId` with its angle brackets. */
export type Letter = { from: string; to: string; subject: string; text: string; messageId: string };

/**
 * The mail as it is sent, RFC 5322, with the present date. The same as nodemailer's transports make of it, headers
 * encoded and folded by nodemailer, but without the six streams that its body passes there: they took three quarters of the time.
 */
export function composeMail({ from, to, subject, text, messageId }: Letter): string {
  const headers = { from, to, subject, "message-id": messageId }; // in the order in which they are written
  const node = new MimeNode("text/plain; charset=utf-8").setHeader(headers).setContent(text);
  const body = encoded(text, node.getTransferEncoding());
  return `${node.buildHeaders()}\r\n\r\n${body}${body.endsWith("\n") ? "" : "\r\n"}`;
}

/** The domain of a sender's mails, as nodemailer puts it after their ids. */
export function domainOf(from: string): string {
  const { from: address } = new MimeNode().setHeader({ from }).getEnvelope();
  return (address || "localhost").split("@").pop() as string;
}

function encoded(text: string, encoding: string | false): string {
  if (encoding === "quoted-printable") return qp.wrap(qp.encode(text));
  if (encoding === "base64") return base64.wrap(base64.encode(text));
  return text;
}
