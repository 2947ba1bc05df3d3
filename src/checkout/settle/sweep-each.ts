import type { Platform } from "../../platform/context";

/** Does a sweep's work for one thing after another until it is told to stop. What fails is logged and holds no other up. */
export async function sweepEach(
  platform: Platform,
  due: { id: string }[],
  work: (platform: Platform, uuid: string) => Promise<unknown>,
  stopping?: AbortSignal,
): Promise<void> {
  for (const { id } of due) {
    if (stopping?.aborted) return;
    await work(platform, id).catch((error) =>
      platform.log.error({ err: error, uuid: id, work: work.name }, "a sweep failed at one of its things"),
    );
  }
}
