import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { composeMail } from "./compose-mail";
import type { Config } from "./config";
import type { Platform } from "./context";
import { newId } from "./ids";
import type { Job } from "./jobs";

export type Mail = { to: string; subject: string; text: string };
/** Writes a mail from the ids in a job's payload, or null when there is nobody to write to any more. */
export type MailTemplate = (platform: Platform, payload: Record<string, string>) => Promise<Mail | null>;
export type Deliver = (mail: Mail) => Promise<void>;

/** The job behind every mail: finds its template by name, writes it from what the database holds now, and delivers it. */
export function mailJob(templates: Record<string, MailTemplate>, deliver: Deliver): Job {
  return async (platform, payload) => {
    const template = templates[payload.template ?? ""];
    if (!template) throw new Error(`No mail template "${payload.template}"`);
    const mail = await template(platform, payload);
    if (!mail) return;
    await deliver(mail);
    await platform.reached("mail.sent");
  };
}

/** Mail servers repeat the recipient in their answers, and what a job throws is kept in its row and logged: only codes go on. */
function refused({ code, responseCode }: Error & { code?: string; responseCode?: number }): never {
  throw new Error(
    `The mail server did not take the mail: ${code ?? "no code"}, ${responseCode ?? "no answer"}`,
  );
}

/** Sends through SMTP_URL; without it mails become files in DATA_DIR/mail, where a developer can read them. */
export function createDelivery({ mail, dataDir }: Config): Deliver {
  const addressed = ({ to, subject, text }: Mail) => ({ from: mail.from, to, subject, text });
  if (mail.smtpUrl) {
    const smtp = createTransport(mail.smtpUrl);
    return async (letter) => {
      await smtp.sendMail(addressed(letter)).catch(refused);
    };
  }
  const folder = join(dataDir, "mail");
  return async (letter) => {
    const message = composeMail(addressed(letter));
    const write = () => writeFile(join(folder, `${newId()}.eml`), message, { mode: 0o600 });
    await write().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      await mkdir(folder, { recursive: true });
      await write();
    });
  };
}
