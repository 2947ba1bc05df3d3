import type { Platform } from "../context";
import { type Sent, senderOf } from "../throttle/caller";

/** In points, for what any page can have its visitors' browsers send: no page shall empty their buckets. */
const UNASKED = 1;
const SIMPLE_BODY = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** Takes from its sender's bucket what a request costs that is refused before it is known who asks. */
export function chargeUnread({ throttle }: Pick<Platform, "throttle">, request: Sent) {
  throttle?.refused(senderOf(request), isSimple(request) ? UNASKED : undefined);
}

/** Whether browsers send it for a page of anybody's without asking us first (what CORS calls a simple request). */
const isSimple = ({ headers }: Sent): boolean =>
  headers.authorization === undefined &&
  headers["content-encoding"] === undefined &&
  SIMPLE_BODY.test(headers["content-type"] ?? "text/plain");
